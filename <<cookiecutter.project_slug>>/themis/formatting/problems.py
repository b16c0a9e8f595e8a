"""Explain why a format cannot be parsed. An empty string means that it can."""

from collections import Counter
from decimal import Decimal
from itertools import pairwise

from themis.formatting.format_characters import PARTS, Token, tokens
from themis.formatting.separators import Separators

__all__ = ["date_format_problem", "number_format_problem", "time_format_problem"]

_DATE = ("day", "month", "year")
_TIME_OF_24 = ("hour", "minute")
_TIME_OF_12 = ("hour of 12", "minute", "half of the day")
_HALF = set(PARTS["half of the day"])  # words, which may adjoin digits
_SAMPLE = Decimal("1234567.89")
_NUMBERS = [_SAMPLE, -_SAMPLE, Decimal("1234.567"), Decimal("1.5"), Decimal(12)]


def date_format_problem(form: str) -> str:
    """Return why dates in this format of Django's cannot be parsed."""
    return _problem(form, required=_DATE, optional=("weekday",))


def time_format_problem(form: str) -> str:
    """Return why times in this format of Django's cannot be parsed."""
    is_of_12 = not {"hour of 12", "half of the day"}.isdisjoint(_parts(form))
    return _problem(form, required=_TIME_OF_12 if is_of_12 else _TIME_OF_24)


def number_format_problem(sample: str) -> str:
    """Return why numbers that are written like the sample cannot be parsed."""
    try:
        separators = Separators.of(sample)
        is_sample = separators.write(_SAMPLE) == sample
    except (IndexError, ValueError):
        is_sample = False
    if not is_sample:
        return f"It is not {_SAMPLE} with the separators of the format."
    for number in _NUMBERS:
        written = separators.write(number)
        if separators.read(written) != number:
            return f"It writes {number} as {written}, which cannot be read back."
    return ""


def _problem(
    form: str, *, required: tuple[str, ...], optional: tuple[str, ...] = ()
) -> str:
    known = "".join(PARTS[part] for part in (*required, *optional))
    for text, is_literal in tokens(form):
        if not is_literal and text not in known:
            return (
                f"{text} cannot be read back in it. Use {' '.join(known)}, and a "
                "backslash before a letter that stands for itself."
            )
        if is_literal and ("\\" in text or any(map(str.isdigit, text))):
            return "It has a digit or a backslash of its own."
    count = Counter(_parts(form))
    for part in required:
        if not count[part]:
            return f"It has no {part}: add {' or '.join(PARTS[part])}."
    for part in (*required, *optional):
        if count[part] > 1:
            return f"It has more than one {part}."
    if form != form.strip():
        return "It starts or ends with a space."
    for left, right in pairwise(tokens(form)):
        if not (left.is_literal or right.is_literal or _HALF & {left.text, right.text}):
            return f"It has nothing between {left.text} and {right.text}."
    return ""


def _parts(form: str) -> list[str]:
    return [_part(token) for token in tokens(form) if not token.is_literal]


def _part(token: Token) -> str:
    parts = (part for part, characters in PARTS.items() if token.text in characters)
    return next(parts, "")
