"""The arguments that report commands share, each refused in one sentence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from enum import StrEnum
from typing import Any, TypeVar

from django.core.management.base import CommandError

from accounts.domain.segments import SegmentError, parse_conditions
from analytics.domain.periods import EARLIEST, LATEST, LONGEST_YEARS, Period
from analytics.exports.files import as_csv, as_json
from analytics.queries.filters import Compare
from analytics.reports.report import Report

Choice = TypeVar("Choice", bound=StrEnum)


NO_FORMULA = "no health formula is published; import_health_formula FILE --publish brings one."


class Format(StrEnum):
    JSON = "json"
    CSV = "csv"


def add_period(parser: Any) -> None:
    parser.add_argument("--from", dest="from_day", metavar="DATE", help="first day, 2026-04-01")
    parser.add_argument("--to", dest="to_day", metavar="DATE", help="last day, which counts too")


def add_where(parser: Any) -> None:
    parser.add_argument(
        "--where",
        action="append",
        default=[],
        metavar="DIM=VALUE",
        help="only this value; repeat it: the same dimension adds a value, another one narrows",
    )


def add_format(parser: Any) -> None:
    parser.add_argument("--format", default=Format.JSON.value, metavar="json|csv")


def period_from(options: dict[str, Any]) -> Period:
    first, last = day_from("--from", options["from_day"]), day_from("--to", options["to_day"])
    if last < first:
        raise CommandError(f"--to: {last} is before --from {first}.")
    for option, day in (("--from", first), ("--to", last)):
        if not EARLIEST <= day <= LATEST:
            raise CommandError(f"{option}: {day} is not between {EARLIEST} and {LATEST}.")
    period = Period.from_inclusive(first, last)
    if period.too_long:
        raise CommandError(f"--from, --to: choose at most {LONGEST_YEARS} years.")
    return period


def where_from(options: dict[str, Any]) -> dict[str, list[str]]:
    try:
        return parse_conditions(options["where"])
    except SegmentError as error:
        raise CommandError(f"--where: {error}") from error


def choice_from(option: str, text: str | None, *, of: type[Choice]) -> Choice:
    try:
        return of(text or "")
    except ValueError as error:
        known = ", ".join(each.value for each in of)
        raise CommandError(f"{option}: {text!r} is not known; write one of {known}.") from error


def compare_from(text: str | None) -> Compare | None:
    return None if text is None else choice_from("--compare", text, of=Compare)


def positive_from(option: str, text: object) -> int:
    if not str(text).isdecimal() or not 0 < int(str(text)) <= 36_500:
        raise CommandError(f"{option}: {text!r} is not a number of days; write 180.")
    return int(str(text))


def names_from(text: str | None) -> Sequence[str]:
    names = tuple(part.strip() for part in (text or "").split(",") if part.strip())
    if not names:
        raise CommandError("--by: name one dimension, or two separated by a comma.")
    return names


def written(report: Report, *, options: dict[str, Any]) -> str:
    if choice_from("--format", options["format"], of=Format) is Format.CSV:
        return as_csv(report).replace("\r\n", "\n").rstrip("\n")
    return as_json(report)


def mixed(share: float) -> str:
    return (
        f"segments are being rebuilt: {share:.0%} done; until then figures by segment mix values "
        "of the old definition and the new one"
    )


def day_from(option: str, text: str | None) -> dt.date:
    if not text:
        raise CommandError(f"{option}: write a day, such as {option} 2026-04-01.")
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError as error:
        raise CommandError(f"{option}: {text!r} is not a day; write 2026-04-01.") from error
