"""Amounts of money as a user writes them, with the code of their currency."""

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.functional import lazy

from themis.formatting.blank import Blank
from themis.formatting.numbers import format_number

if TYPE_CHECKING:
    from themis.formatting.current import Reader

__all__ = ["currency_decimals", "format_money", "format_money_lazy"]

# By how many decimals they have, unless it is 2: ISO 4217, list one, "minor unit".
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

    A no-break space is between them. An amount of None or "" gives "".

    Args:
        currency: the code of ISO 4217, such as "EUR". It says how many decimals there
            are; halves are rounded away from zero.

    Raises TypeError for what `format_number()` refuses, ValueError for a currency that
    is not three upper-case letters.
    """
    if amount is None or amount == "":
        return ""
    number = format_number(amount, currency_decimals(currency), user=user)
    return f"{number}\u00a0{currency}"


format_money_lazy = lazy(format_money, str)


def currency_decimals(currency: str) -> int:
    """Return how many decimals amounts of a currency have, by ISO 4217.

    2 for a currency that it does not list. Raises ValueError for anything but three
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
