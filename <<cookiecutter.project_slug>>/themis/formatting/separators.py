"""The separators of a number, and the sizes of its groups of digits."""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache

__all__ = ["Separators"]

_DIGITS = 200
_ROUNDING = Context(prec=3 * _DIGITS, rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class Separators:
    decimal: str
    group: str  # empty for no groups
    last_group: int  # number of digits
    other_groups: int

    @classmethod
    @cache
    def of(cls, sample: str) -> "Separators":
        """Return the separators of a sample such as "12,34,567.89"."""
        *groups, decimal = (mark for mark in sample if not mark.isdigit())
        if not groups:
            return cls(decimal, group="", last_group=3, other_groups=3)
        sizes = [len(digits) for digits in sample.split(decimal)[0].split(groups[0])]
        return cls(decimal, groups[0], last_group=sizes[-1], other_groups=sizes[-2])

    def write(self, number: Decimal, decimals: int | None = None) -> str:
        """Return a finite number with these separators, rounded half away from zero.

        Keep its decimals, unless `decimals` says how many.
        """
        if decimals is None:
            decimals = max(0, -int(number.as_tuple().exponent))
        if number and max(number.adjusted(), decimals) > _DIGITS:
            return f"{number:.6E}".replace(".", self.decimal)
        ones = Decimal(1).scaleb(-min(decimals, _DIGITS))
        number = number.quantize(ones, context=_ROUNDING)
        # abs() would round to 28 digits.
        whole, _point, fraction = f"{number.copy_abs():f}".partition(".")
        groups = [whole[-self.last_group :]]
        whole = whole[: -self.last_group]
        while whole:
            groups.append(whole[-self.other_groups :])
            whole = whole[: -self.other_groups]
        written = self.group.join(reversed(groups))
        if fraction:
            written += self.decimal + fraction
        return f"-{written}" if number < 0 else written

    def read(self, text: str) -> Decimal | None:
        """Parse a number with these separators. Return None if it is none."""
        group = rf"[ \u00a0\u2009\u202f'’{re.escape(self.group)}]"
        point = re.escape(self.decimal)
        whole = (
            rf"\d{{1,3}}({group}\d{{3}})+|\d{{1,2}}({group}\d{{2}})*{group}\d{{3}}|\d+"
        )
        match = re.fullmatch(
            rf"(?P<sign>[+-]?)\s*(?P<whole>{whole}|(?={point}\d))"
            rf"({point}(?P<fraction>\d*))?",
            text.strip().replace("\u2212", "-"),
        )
        if match is None:
            return None
        digits = re.sub(r"\D", "", match["whole"]) or "0"
        return Decimal(f"{match['sign']}{digits}.{match['fraction'] or ''}")
