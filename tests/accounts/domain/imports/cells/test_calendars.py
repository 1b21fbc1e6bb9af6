from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from accounts.domain.imports.cells.calendars import read_date, read_moment, read_month
from accounts.domain.reasons import Refused
from tests.accounts.domain.imports.reading import NOW, TOKYO


@pytest.mark.parametrize(
    "text",
    [
        "2026-04-01",
        "2026/4/1",
        "2026/04/01",
        "2026-4-1",
        "2026.4.1",
        "2026年4月1日",
        "2026年04月01日（水）",
        "令和8年4月1日",
        "R8.4.1",
        "r8/4/1",
        "20260401",
        "2026-04-01 00:00:00",
        "2026-04-01T00:00:00",
        "２０２６－０４－０１",
        "２０２６年４月１日",
        "1 April 2026",
        "Apr 1, 2026",
        "1-Apr-2026",
        "2026/4/1 0:00",
    ],
)
def test_day_whose_order_nobody_doubts_is_read(text: str) -> None:
    assert read_date(text) == date(2026, 4, 1)


def test_first_year_of_an_era_has_a_name() -> None:
    assert read_date("令和元年5月1日") == date(2019, 5, 1)
    assert read_date("平成31年4月30日") == date(2019, 4, 30)


@pytest.mark.parametrize("text", ["04/05/2026", "4-5-26", "04/05/2026 9:00"])
def test_day_that_can_be_read_in_two_ways_is_refused_by_name(text: str) -> None:
    with pytest.raises(Refused, match="can be read in two ways"):
        read_date(text)


@pytest.mark.parametrize("text", ["46113", "1-Apr-26", "2026-02-30", "2026-04-01 09:00", "soon"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="is not a date"):
        read_date(text)


@pytest.mark.parametrize(
    "text",
    ["2026-10", "2026/10", "2026.10", "202610", "2026年10月", "2026年10月度", "Oct-26", "oct 2026",
     "２０２６年１０月", "2026-10-31", "2026/10/1", "令和8年10月"],
)  # fmt: skip
def test_month_is_read(text: str) -> None:
    assert read_month(text) == date(2026, 10, 1)


NINE = datetime(2026, 4, 1, 0, 5, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-04-01T09:05:12+09:00",
        "2026/04/01 9:05:12",
        "2026-04-01 00:05:12 UTC",
        "2026-04-01 09:05:12 +0900",
        "2026/04/01 午前 9:05:12",
        "2026/04/01 9:05:12 午前 GMT+9",
        "Apr 1, 2026 9:05:12 AM",
        "2026年4月1日 9時05分12秒",
        "2026-04-01T00:05:12.000000000Z",
        "２０２６/０４/０１　９：０５：１２",
        "2026-04-01 09:05:12 JST",
    ],
)
def test_moment_is_read_in_its_own_zone_or_that_of_the_organisation(text: str) -> None:
    assert read_moment(text, zone=TOKYO, now=NOW) == NINE


def test_afternoon_is_twelve_hours_later() -> None:
    found = read_moment("2026/04/01 2:05:12 午後 GMT+9", zone=TOKYO, now=NOW)

    assert found == datetime(2026, 4, 1, 5, 5, 12, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2026-04-01 24:00", "2026-04-01 13:00 PM", "1775001912", "x"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="is not a date or time"):
        read_moment(text, zone=TOKYO, now=NOW)
