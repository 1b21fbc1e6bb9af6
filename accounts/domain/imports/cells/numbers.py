"""Numbers as spreadsheets and people write them: 1,000 and １０００円 are read, 1.000,50 is not."""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal
from math import isfinite

from accounts.domain.imports.cells.texts import Cell, as_text
from accounts.domain.money import CENT
from accounts.domain.reasons import ReasonCode, Refused, reason

MRR_LIMIT = Decimal(999_999_999_999)
# Of one unit of a currency: enough for a rial in dinars, and for a dinar in rials.
RATE_LIMIT = Decimal(10_000_000)
RATE_STEP = Decimal("0.0000000001")
RATE_DIGITS = 25
# Of what is measured: any count, and a share to the millionth.
NUMBER_LIMIT = Decimal(10) ** 18
NUMBER_STEP = Decimal("0.000001")
NUMBER_DIGITS = 30
COUNT_LIMIT = 2_147_483_647

_PLAIN = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
# Groups of three between commas, apostrophes or spaces; all of them alike.
_GROUPED = re.compile(r"-?[0-9]{1,3}(?P<sep>[,'’ ])[0-9]{3}(?:(?P=sep)[0-9]{3})*(?:\.[0-9]+)?")
_SEPARATED = re.compile(r"-?[0-9]+(?:[.,' ][0-9]+)+")
_MINUS = re.compile(r"^(?:[▲△−‐–]\s?)(?=[0-9])")
_IN_BRACKETS = re.compile(r"\(([0-9][0-9,.' ]*)\)")
# A score and its words. Two numbers are none: `1 - 2` is a range.
_LABELLED = re.compile(r"([0-9]{1,2})\s?(?:点|(?:[-–—:=]\s?|\s?\()[^\W0-9][^0-9]*)")
# A sign of the yen, before or behind; that of any other currency says that it is not this one.
_YEN = re.compile(r"^(-?)[¥\\]\s?|\s?円$")


def _number_in(cell: Cell, *, money: bool = False) -> tuple[str, str]:
    """The number in plain digits and what the file has; the first is empty where it is none."""
    if isinstance(cell, bool):
        return "", as_text(cell)
    # repr() of a small float has an exponent, which people may not write
    if isinstance(cell, float) and isfinite(cell) and not cell.is_integer():
        text = f"{Decimal(repr(cell)):f}"
        return text, text
    text = as_text(cell)
    if not text:
        raise Refused(reason(ReasonCode.EMPTY))
    return _plain(text, money=money), text


def _plain(text: str, *, money: bool) -> str:
    if _PLAIN.fullmatch(text):
        # \d would take the digits of every script; these are 0-9.
        return text
    even = _MINUS.sub("-", unicodedata.normalize("NFKC", text))
    even = _IN_BRACKETS.sub(r"-\1", even)
    even = _YEN.sub(r"\1", even) if money else even
    if _PLAIN.fullmatch(even):
        return even
    return re.sub(r"[,'’ ]", "", even) if _GROUPED.fullmatch(even) else ""


def _refused(text: str, otherwise: ReasonCode) -> Refused:
    code = ReasonCode.AMOUNT_SEPARATOR if _SEPARATED.fullmatch(text) else otherwise
    return Refused(reason(code, value=text))


def read_amount(cell: Cell) -> Decimal:
    """An amount to the cent: a twelfth of a yearly price has no end, and no bill has it."""
    plain, text = _number_in(cell, money=True)
    if not plain:
        raise _refused(text, ReasonCode.AMOUNT)
    amount = Decimal(plain)
    if amount < 0:
        raise Refused(reason(ReasonCode.AMOUNT_NEGATIVE, value=text))
    if amount >= MRR_LIMIT:
        raise Refused(reason(ReasonCode.AMOUNT_TOO_LARGE, value=text, limit=f"{MRR_LIMIT:f}"))
    # abs() because "-0" passes as zero but would be written with its sign
    return abs(amount).quantize(CENT, rounding=ROUND_HALF_UP)


def read_number(cell: Cell) -> Decimal:
    """What was measured: negative, too, to the millionth."""
    plain, text = _number_in(cell)
    if not plain or len(plain) > NUMBER_DIGITS:
        raise _refused(text, ReasonCode.NUMBER)
    number = Decimal(plain)
    if abs(number) >= NUMBER_LIMIT:
        raise Refused(reason(ReasonCode.AMOUNT_TOO_LARGE, value=text, limit=f"{NUMBER_LIMIT:f}"))
    return number.quantize(NUMBER_STEP, rounding=ROUND_HALF_UP) + 0


def optional_number(cell: Cell) -> Decimal | None:
    return read_number(cell) if as_text(cell) else None


def read_quantity(cell: Cell) -> Decimal | None:
    return read_amount(cell) if as_text(cell) else None


def read_count(cell: Cell) -> int | None:
    if not as_text(cell):
        return None
    plain, text = _number_in(cell)
    whole, _, rest = plain.partition(".")
    if not whole.isdecimal() or rest.strip("0") or int(whole) > COUNT_LIMIT:
        raise Refused(reason(ReasonCode.COUNT, value=text))
    return int(whole)


def read_score(cell: Cell) -> int:
    """Also with the words that stand beside it on a scale: `10 - Extremely likely`, `9点`."""
    plain, text = _number_in(cell)
    labelled = _LABELLED.fullmatch(unicodedata.normalize("NFKC", text)) if not plain else None
    plain = labelled[1] if labelled else plain
    whole, _, rest = plain.partition(".")
    if not whole.isdecimal() or rest.strip("0") or len(whole) > 2 or int(whole) > 10:
        raise Refused(reason(ReasonCode.SCORE, value=text))
    return int(whole)


def read_rate(cell: Cell) -> Decimal:
    plain, text = _number_in(cell)
    rate = Decimal(plain).quantize(RATE_STEP) if 0 < len(plain) <= RATE_DIGITS else Decimal(0)
    if not 0 < rate < RATE_LIMIT:
        raise Refused(reason(ReasonCode.RATE, value=text))
    return rate
