"""Numbers in the user's format."""

from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.functional import lazy

from themis.formatting.blank import Blank
from themis.formatting.current import current_profile, speaking_to
from themis.formatting.separators import Separators

if TYPE_CHECKING:
    from themis.formatting.current import Reader

__all__ = ["format_number", "format_number_lazy"]


def format_number(
    value: int | float | Decimal | Blank,
    decimals: int | None = None,
    *,
    user: "Reader | None" = None,
) -> str:
    """Return a number with the user's separators. None and "" give "".

    Args:
        decimals: digits after the decimal separator; None keeps those of the value.
            Halves are rounded away from zero, as browsers (ECMA-402, the default
            "halfExpand" of Intl.NumberFormat) and Django's floatformat do.

    A float counts as the shortest decimal that is equal to it, as Python prints it.
    Zero has no sign. NaN and infinity give "NaN" and "∞". Numbers of more than 200
    digits get an exponent, as in django.utils.numberformat.

    Raises TypeError for a bool, a str, and anything else that is not a number.
    """
    if value is None or value == "":
        return ""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise TypeError(f"Pass an int, a float or a Decimal, not {value!r}.")
    if isinstance(value, float):
        # Not repr(value): NumPy's floats are floats, too, but have a different repr.
        number = Decimal(float.__repr__(value).removesuffix(".0"))
    else:
        number = Decimal(value)
    if number.is_nan():
        return "NaN"
    if number.is_infinite():
        return "∞" if number > 0 else "-∞"
    with speaking_to(user):
        return Separators.of(current_profile().number_format).write(number, decimals)


# For text that is rendered later, in the reader's format.
format_number_lazy = lazy(format_number, str)
