"""One cell of an imported file to one value; anything doubtful is refused with its reason."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, time, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from math import isfinite
from zoneinfo import available_timezones

from accounts.domain.languages import LANGUAGES
from accounts.domain.money import CENT
from accounts.domain.reasons import ReasonCode, Refused, reason

# What a CSV or spreadsheet reader yields; text from CSV, the rest from XLSX.
Cell = str | int | float | bool | date | datetime | time | None

MAX_TEXT = 200
MAX_COMMENT = 5000
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
MAX_PRODUCT = 100

# Spreadsheets count days from 1900; an earlier date is a slip, and near year 1 zones overflow.
_EARLIEST = date(1900, 1, 1)
# "9999-12-31" for "for ever" would put reports at the end of all calendars, where they overflow.
_LATEST = date(2199, 12, 31)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_AMOUNT = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_SEPARATED = re.compile(r"-?[0-9]+(?:[,' ][0-9]+)+(?:\.[0-9]+)?")
_COUNT = re.compile(r"[0-9]{1,10}")
_SCORE = re.compile(r"[0-9]|10")
_CURRENCY = re.compile(r"[A-Z]{3}")


def as_text(cell: Cell) -> str:
    """The cell as a person would write it in a CSV file."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    return str(cell).strip()


def read_text(cell: Cell, *, required: bool = False, limit: int = MAX_TEXT) -> str:
    text = as_text(cell)
    if required and not text:
        raise Refused(reason(ReasonCode.EMPTY))
    if len(text) > limit:
        raise Refused(reason(ReasonCode.TOO_LONG, length=len(text), limit=limit))
    if not text.isprintable() and any(unicodedata.category(sign) == "Cc" for sign in text):
        raise Refused(reason(ReasonCode.CONTROL_CHARACTER))
    return text


def read_comment(cell: Cell) -> str:
    """A comment may have lines; other control characters, which no database takes, go."""
    lines = as_text(cell).replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(sign for sign in lines if sign in "\n\t" or unicodedata.category(sign) != "Cc")
    if len(text) > MAX_COMMENT:
        raise Refused(reason(ReasonCode.TOO_LONG, length=len(text), limit=MAX_COMMENT))
    return text


def read_date(cell: Cell) -> date | None:
    if isinstance(cell, datetime):
        day = cell.date()
    elif isinstance(cell, date):
        day = cell
    else:
        text = as_text(cell)
        if not text:
            return None
        day = _day_in(text)
    if not _EARLIEST <= day <= _LATEST:
        raise Refused(reason(ReasonCode.DATE, value=day.isoformat()))
    return day


def needed_date(cell: Cell) -> date:
    day = read_date(cell)
    if day is None:
        raise Refused(reason(ReasonCode.EMPTY))
    return day


def _day_in(text: str) -> date:
    if _DATE.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass  # such as 2026-02-30: the reason below serves both
    raise Refused(reason(ReasonCode.DATE, value=text))


def read_moment(cell: Cell, *, zone: tzinfo, now: datetime) -> datetime | None:
    """A moment in UTC; without a zone of its own it is in the organisation's."""
    text = as_text(cell)
    if not text:
        return None
    moment = _moment_in(cell, text=text)
    if not _EARLIEST <= moment.date() <= _LATEST:
        raise Refused(reason(ReasonCode.MOMENT, value=text))
    moment = (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    if moment > now:
        raise Refused(reason(ReasonCode.MOMENT_FUTURE, value=text))
    return moment


def _moment_in(cell: Cell, *, text: str) -> datetime:
    if isinstance(cell, datetime):
        return cell
    if isinstance(cell, date):
        return datetime.combine(cell, time())
    if _MOMENT.fullmatch(text):
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            pass
    raise Refused(reason(ReasonCode.MOMENT, value=text))


def read_month(cell: Cell) -> date:
    """The first day of the month; a spreadsheet's real date stands for its month."""
    if isinstance(cell, date):
        year, month, text = cell.year, cell.month, cell.isoformat()
    else:
        text = read_text(cell, required=True)
        found = _MONTH.fullmatch(text)
        year, month = (int(found[1]), int(found[2])) if found else (0, 0)
    if not _EARLIEST.year <= year <= _LATEST.year:
        raise Refused(reason(ReasonCode.MONTH, value=text))
    return date(year, month, 1)


def read_amount(cell: Cell) -> Decimal:
    """An amount to the cent: a twelfth of a yearly price has no end, and no bill has it."""
    text = _number_text(cell)
    if isinstance(cell, bool) or not _AMOUNT.fullmatch(text):
        code = ReasonCode.AMOUNT_SEPARATOR if _SEPARATED.fullmatch(text) else ReasonCode.AMOUNT
        raise Refused(reason(code, value=text))
    amount = Decimal(text)
    if amount < 0:
        raise Refused(reason(ReasonCode.AMOUNT_NEGATIVE, value=text))
    if amount >= MRR_LIMIT:
        raise Refused(reason(ReasonCode.AMOUNT_TOO_LARGE, value=text, limit=f"{MRR_LIMIT:f}"))
    # abs() because "-0" passes as zero but would be written with its sign
    return abs(amount).quantize(CENT, rounding=ROUND_HALF_UP)


def _number_text(cell: Cell) -> str:
    # repr() of a small float has an exponent, which people may not write
    if isinstance(cell, float) and isfinite(cell) and not cell.is_integer():
        return f"{Decimal(repr(cell)):f}"
    return read_text(cell, required=True)


def read_number(cell: Cell) -> Decimal:
    """What was measured: negative, too, to the millionth."""
    text = _number_text(cell)
    if isinstance(cell, bool) or not _AMOUNT.fullmatch(text) or len(text) > NUMBER_DIGITS:
        code = ReasonCode.AMOUNT_SEPARATOR if _SEPARATED.fullmatch(text) else ReasonCode.NUMBER
        raise Refused(reason(code, value=text))
    number = Decimal(text)
    if abs(number) >= NUMBER_LIMIT:
        raise Refused(reason(ReasonCode.AMOUNT_TOO_LARGE, value=text, limit=f"{NUMBER_LIMIT:f}"))
    return number.quantize(NUMBER_STEP, rounding=ROUND_HALF_UP) + 0


def optional_number(cell: Cell) -> Decimal | None:
    return read_number(cell) if as_text(cell) else None


def read_quantity(cell: Cell) -> Decimal | None:
    return read_amount(cell) if as_text(cell) else None


def read_product(cell: Cell) -> str:
    return read_text(cell, limit=MAX_PRODUCT)


def read_count(cell: Cell) -> int | None:
    text = as_text(cell)
    if not text:
        return None
    if isinstance(cell, bool) or not _COUNT.fullmatch(text) or int(text) > COUNT_LIMIT:
        raise Refused(reason(ReasonCode.COUNT, value=text))
    return int(text)


def read_score(cell: Cell) -> int:
    text = read_text(cell, required=True)
    if isinstance(cell, bool) or not _SCORE.fullmatch(text):
        raise Refused(reason(ReasonCode.SCORE, value=text))
    return int(text)


def read_currency(cell: Cell) -> str:
    text = as_text(cell)
    if text and not _CURRENCY.fullmatch(text):
        raise Refused(reason(ReasonCode.CURRENCY, value=text))
    return text


def needed_currency(cell: Cell) -> str:
    return read_currency(read_text(cell, required=True))


def read_rate(cell: Cell) -> Decimal:
    text = _number_text(cell)
    known = not isinstance(cell, bool) and _AMOUNT.fullmatch(text)
    rate = Decimal(text).quantize(RATE_STEP) if known and len(text) <= RATE_DIGITS else Decimal(0)
    if not 0 < rate < RATE_LIMIT:
        raise Refused(reason(ReasonCode.RATE, value=text))
    return rate


def read_language(cell: Cell) -> str:
    text = as_text(cell)
    if text and text not in LANGUAGES:
        raise Refused(reason(ReasonCode.LANGUAGE, value=text))
    return text


def read_time_zone(cell: Cell) -> str:
    text = as_text(cell)
    if text and text not in _zone_names():
        raise Refused(reason(ReasonCode.TIME_ZONE, value=text))
    return text


@lru_cache(maxsize=1)
def _zone_names() -> frozenset[str]:
    return frozenset(available_timezones())
