"""Days, months and moments as spreadsheets, forms and people write them.

The year comes first, or the month has a name: 04/05/2026 is a day in April or in May, and nobody
knows which.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

from accounts.domain.imports.cells.texts import Cell, as_text
from accounts.domain.reasons import ReasonCode, Refused, reason

# Spreadsheets count days from 1900; an earlier date is a slip, and near year 1 zones overflow.
_EARLIEST = date(1900, 1, 1)
# "9999-12-31" for "for ever" would put reports at the end of all calendars, where they overflow.
_LATEST = date(2199, 12, 31)
# The year before the first of each era.
_ERAS = {"令和": 2018, "R": 2018, "平成": 1988, "H": 1988, "昭和": 1925, "S": 1925}
_ERA = re.compile(r"(令和|平成|昭和|[RHS])\s?([0-9]{1,2}|元)(?=[年./-])", re.IGNORECASE)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAME = r"(jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\.?"
_WEEKDAY = re.compile(
    r"\s?\(?(?:[月火水木金土日]曜日|\([月火水木金土日]\))\)?"
    r"|^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,? "
)

_DAYS = (
    re.compile(r"(?P<y>[0-9]{4})-(?P<m>[0-9]{1,2})-(?P<d>[0-9]{1,2})"),
    re.compile(r"(?P<y>[0-9]{4})/(?P<m>[0-9]{1,2})/(?P<d>[0-9]{1,2})"),
    re.compile(r"(?P<y>[0-9]{4})\.\s?(?P<m>[0-9]{1,2})\.\s?(?P<d>[0-9]{1,2})\.?"),
    re.compile(r"(?P<y>[0-9]{4})年\s?(?P<m>[0-9]{1,2})月\s?(?P<d>[0-9]{1,2})日"),
    re.compile(r"(?P<y>[0-9]{4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})"),
    re.compile(rf"(?P<d>[0-9]{{1,2}})(?:st|nd|rd|th)?[ -](?P<n>{_NAME})[ -](?P<y>[0-9]{{4}})"),
    re.compile(rf"(?P<n>{_NAME})[ -](?P<d>[0-9]{{1,2}})(?:st|nd|rd|th)?,? (?P<y>[0-9]{{4}})"),
)
_MONTHS_WRITTEN = (
    re.compile(r"(?P<y>[0-9]{4})[-/.](?P<m>[0-9]{1,2})"),
    re.compile(r"(?P<y>[0-9]{4})年\s?(?P<m>[0-9]{1,2})月[度分]?"),
    re.compile(r"(?P<y>[0-9]{4})(?P<m>[0-9]{2})"),
    # What a spreadsheet makes of 2026-10: the month has its name, so the rest is the year.
    re.compile(rf"(?P<n>{_NAME})[ -]'?(?P<y>[0-9]{{4}}|[0-9]{{2}})"),
    re.compile(rf"(?P<y>[0-9]{{4}})[ -](?P<n>{_NAME})"),
)
_CLOCK = re.compile(
    r"(?P<before>午前|午後|am|pm)?\s?"
    r"(?P<h>[0-9]{1,2})(?::|時)\s?(?P<m>[0-9]{1,2})(?:分|(?=:|$|\s|z|[+-]))"
    r"(?::?\s?(?P<s>[0-9]{1,2})(?:秒|(?=\.|,|$|\s|z|[+-])))?(?:[.,](?P<f>[0-9]{1,9}))?"
    r"\s?(?P<after>午前|午後|a\.?m\.?|p\.?m\.?)?"
    r"\s?(?P<zone>z|utc|gmt|jst|(?:utc|gmt)?[+-][0-9]{1,2}(?::?[0-9]{2})?)?(?:\s?\(?[a-z]+\)?)?"
)
_HOUR_ALONE = re.compile(r"(?P<h>[0-9]{1,2})時")
_OFFSET = re.compile(r"([+-])([0-9]{1,2}):?([0-9]{2})?")


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
    plain = _plain(text)
    day, rest = _split(plain)
    found = _matched(day, _DAYS) if _is_midnight(rest) else None
    if found is None:
        code = ReasonCode.DATE_ORDER if _ORDER.match(plain) else ReasonCode.DATE
        raise Refused(reason(code, value=text))
    return found


_ORDER = re.compile(r"[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2,4}(?:\s|$)")


def _plain(text: str) -> str:
    """In even width and small letters, years of an era as those of the calendar."""
    if text.isascii() and text[:1].isdigit():
        return text.lower()
    plain = _ERA.sub(_of_era, unicodedata.normalize("NFKC", text)).lower()
    return _WEEKDAY.sub("", plain).strip().replace("‐", "-").replace("−", "-")


def _of_era(found: re.Match[str]) -> str:
    era = found[1].upper()
    return str(_ERAS[era] + (1 if found[2] == "元" else int(found[2])))


def _split(plain: str) -> tuple[str, str]:
    """The day and what comes after it: the day may have spaces of its own."""
    for pattern in _DAYS:
        if found := pattern.match(plain):
            rest = plain[found.end() :]
            if not rest or rest[0] in "t \t" or found[0].endswith("日"):
                return found[0], rest.removeprefix("t").strip(" \t,")
    return plain, ""


def _is_midnight(rest: str) -> bool:
    if not rest:
        return True
    clock = _CLOCK.fullmatch(rest)
    return clock is not None and not int(clock["h"]) + int(clock["m"]) + int(clock["s"] or 0)


def _matched(text: str, patterns: tuple[re.Pattern[str], ...]) -> date | None:
    for pattern in patterns:
        if found := pattern.fullmatch(text):
            given = found.groupdict()
            name = given.get("n")
            month = _MONTHS.index(name[:3]) + 1 if name else int(given["m"])
            year = int(given["y"]) + (2000 if len(given["y"]) == 2 else 0)
            try:
                return date(year, month, int(given.get("d") or 1))
            except ValueError:
                return None  # such as 2026-02-30
    return None


def read_month(cell: Cell) -> date:
    """The first day of the month; a whole date stands for its month."""
    if isinstance(cell, date):
        found, text = cell, cell.isoformat()
    else:
        text = as_text(cell)
        if not text:
            raise Refused(reason(ReasonCode.EMPTY))
        plain = _plain(text)
        found = _matched(plain, _MONTHS_WRITTEN) or _day_or_none(plain) or date.min
    if not _EARLIEST.year <= found.year <= _LATEST.year:
        raise Refused(reason(ReasonCode.MONTH, value=text))
    return date(found.year, found.month, 1)


def _day_or_none(plain: str) -> date | None:
    day, rest = _split(plain)
    return _matched(day, _DAYS) if _is_midnight(rest) else None


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
    try:
        return _written_moment(_plain(text))
    except ValueError:
        code = ReasonCode.DATE_ORDER if _ORDER.match(_plain(text)) else ReasonCode.MOMENT
        raise Refused(reason(code, value=text)) from None


def _written_moment(plain: str) -> datetime:
    day, rest = _split(plain)
    found = _matched(day, _DAYS)
    if found is None:
        raise ValueError(plain)
    if not rest:
        return datetime.combine(found, time())
    if alone := _HOUR_ALONE.fullmatch(rest):
        return datetime.combine(found, time(int(alone["h"])))
    clock = _CLOCK.fullmatch(rest)
    if clock is None:
        raise ValueError(rest)
    return datetime.combine(found, _time_in(clock))


def _time_in(clock: re.Match[str]) -> time:
    hour = int(clock["h"])
    half = (clock["before"] or clock["after"] or "").replace(".", "")
    if half:
        if hour > 12:
            raise ValueError(hour)
        hour = hour % 12 + (12 if half in ("午後", "pm") else 0)
    # A database keeps millionths; nanoseconds are those of programs.
    fraction = int((clock["f"] or "0")[:6].ljust(6, "0"))
    return time(hour, int(clock["m"]), int(clock["s"] or 0), fraction, tzinfo=_zone(clock["zone"]))


def _zone(text: str | None) -> tzinfo | None:
    if not text:
        return None
    if text == "jst":
        return timezone(timedelta(hours=9))
    offset = _OFFSET.search(text)
    if offset is None:
        return UTC
    minutes = int(offset[2]) * 60 + int(offset[3] or 0)
    return timezone(timedelta(minutes=minutes if offset[1] == "+" else -minutes))
