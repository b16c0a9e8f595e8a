"""Amounts of money in the user's number format, with their currency code."""

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.functional import lazy

from themis.formatting.blank import Blank
from themis.formatting.numbers import format_number

if TYPE_CHECKING:
    from themis.formatting.current import Reader

__all__ = ["currency_decimals", "format_money", "format_money_lazy"]

# Currencies by their number of decimals, if not 2: ISO 4217, list one, "minor unit".
_CURRENCIES = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}


def format_money(
    amount: int | float | Decimal | Blank,
    currency: str,
    *,
    user: "Reader | None" = None,
) -> str:
    """Return an amount in the user's number format and its currency: "1.234,50 EUR".

    A no-break space separates them. An amount of None or "" gives "".

    Args:
        currency: the ISO 4217 code, such as "EUR". It sets the number of decimals.
            Halves are rounded away from zero.

    Raises TypeError for what `format_number()` refuses, ValueError for a currency that
    is not three upper-case letters.
    """
    if amount is None or amount == "":
        return ""
    number = format_number(amount, currency_decimals(currency), user=user)
    return f"{number}\u00a0{currency}"


format_money_lazy = lazy(format_money, str)


def currency_decimals(currency: str) -> int:
    """Return the number of decimals of a currency, according to ISO 4217.

    It is 2 for unlisted currencies. Raises ValueError for anything but three
    upper-case letters.
    """
    if not isinstance(currency, str) or not re.fullmatch("[A-Z]{3}", currency):
        raise ValueError(
            "Pass a currency as the three upper-case letters of ISO 4217, such as "
            f'"EUR", not {currency!r}.'
        )
    for decimals, currencies in _CURRENCIES.items():
        if currency in currencies.split():
            return decimals
    return 2
