"""Figures as text: how a number, a rate, an amount or an NPS is written on every page."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import number_format
from django.utils.translation import get_language

DASH = "–"
MINUS = "−"
NO_BREAK_SPACE = "\u00a0"
SYMBOLS = {"JPY": "¥", "USD": "$", "EUR": "€", "GBP": "£"}
WITHOUT_DECIMALS = {"CLP", "ISK", "JPY", "KRW", "PYG", "UGX", "VND", "XAF", "XOF"}

Number = int | float | Decimal


def is_number(value: object) -> bool:
    """False for what cannot be known: None, NaN, infinities and pandas' own missing values."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return False
    return math.isfinite(value)


def rounded(value: Number, *, digits: int) -> Decimal:
    """Halves go away from zero, as readers expect; through the shortest text of the float, so
    that 2.675 is the 2.675 it looks like. Never a negative zero."""
    result = Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    return abs(result) if result.is_zero() else result


def write_number(value: Number, *, digits: int = 0, sign: bool = False) -> str:
    """1234.5 -> 1,234.5 in the reader's language; the minus is as wide as a plus."""
    figure = rounded(value, digits=digits)
    text = str(number_format(abs(figure), decimal_pos=digits, use_l10n=True, force_grouping=True))
    if figure < 0:
        return MINUS + text
    return "+" + text if sign and figure > 0 else text


def write_percent(value: Number, *, digits: int = 1) -> str:
    """0.123 -> 12.3 % with a space that never breaks; Japanese writes 12.3%."""
    space = "" if (get_language() or "").startswith("ja") else NO_BREAK_SPACE
    return f"{write_number(Decimal(str(value)) * 100, digits=digits)}{space}%"


def write_money(value: Number, *, currency: str) -> str:
    """1234567 JPY -> ¥1,234,567; 1234.5 USD -> $1,234.50; others lead with their code."""
    digits = 0 if currency in WITHOUT_DECIMALS else 2
    text = write_number(value, digits=digits)
    minus, amount = (MINUS, text[1:]) if text.startswith(MINUS) else ("", text)
    return minus + SYMBOLS.get(currency, currency + NO_BREAK_SPACE if currency else "") + amount


def write_limits(low: Number, high: Number, *, digits: int = 0) -> tuple[str, str]:
    """Both ends of an interval of a change, signed.

    One digit more where an end would look like a 0 that it is not: beside p = 0.047 an interval
    “0 to +37” seems to say otherwise.
    """
    if any(each and rounded(each, digits=digits).is_zero() for each in (low, high)):
        digits += 1
    return write_number(low, digits=digits, sign=True), write_number(high, digits=digits, sign=True)


def write_p_value(value: Number) -> str:
    if value < 0.001:
        return "< " + write_number(0.001, digits=3)
    return write_number(value, digits=3)
