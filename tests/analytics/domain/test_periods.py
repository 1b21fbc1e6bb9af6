from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.domain.periods import (
    Period,
    fiscal_year,
    last_12_months,
    last_month_end_before,
    last_month_end_on_or_before,
    month_label,
    months,
    quarter_label,
    quarters,
    this_quarter,
)

days = st.dates(min_value=date(2000, 1, 1), max_value=date(2050, 12, 31))
periods = st.builds(
    lambda start, length: Period(start, start + timedelta(days=length)),
    days,
    st.integers(min_value=1, max_value=1200),
)


def test_from_inclusive_keeps_the_last_day_inside():
    period = Period.from_inclusive(date(2025, 1, 1), date(2025, 3, 31))

    assert period == Period(date(2025, 1, 1), date(2025, 4, 1))
    assert period.last_day == date(2025, 3, 31)
    assert period.days == 90
    assert date(2025, 3, 31) in period
    assert date(2025, 4, 1) not in period


@pytest.mark.parametrize("end", [date(2025, 1, 1), date(2024, 12, 31)])
def test_period_without_a_day_is_refused(end):
    with pytest.raises(ValueError, match="before it has a day"):
        Period(date(2025, 1, 1), end)


def test_previous_has_equal_length_and_ends_where_this_begins():
    assert Period(date(2025, 4, 1), date(2025, 7, 1)).previous() == Period(
        date(2024, 12, 31), date(2025, 4, 1)
    )


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (date(2025, 4, 1), date(2025, 7, 1), Period(date(2024, 4, 1), date(2024, 7, 1))),
        # A whole February stays whole, in both directions.
        (date(2025, 2, 1), date(2025, 3, 1), Period(date(2024, 2, 1), date(2024, 3, 1))),
        (date(2024, 2, 1), date(2024, 3, 1), Period(date(2023, 2, 1), date(2023, 3, 1))),
        (date(2024, 2, 29), date(2024, 3, 1), Period(date(2023, 2, 28), date(2023, 3, 1))),
        (date(2024, 2, 1), date(2024, 2, 29), Period(date(2023, 2, 1), date(2023, 3, 1))),
    ],
)
def test_year_earlier_moves_both_edges(start, end, expected):
    assert Period(start, end).year_earlier() == expected


@given(periods)
def test_year_earlier_always_has_days(period):
    assert abs(period.year_earlier().days - period.days) <= 1


@given(periods)
def test_months_and_quarters_cover_every_day_once(period):
    for parts in (months(period), quarters(period)):
        assert parts[0].start == period.start
        assert parts[-1].end == period.end
        assert [part.end for part in parts[:-1]] == [part.start for part in parts[1:]]


def test_months_are_cut_at_the_edges():
    assert months(Period(date(2024, 12, 10), date(2025, 2, 3))) == [
        Period(date(2024, 12, 10), date(2025, 1, 1)),
        Period(date(2025, 1, 1), date(2025, 2, 1)),
        Period(date(2025, 2, 1), date(2025, 2, 3)),
    ]


def test_quarters_are_calendar_quarters():
    parts = quarters(Period(date(2025, 2, 1), date(2025, 8, 1)))

    assert [part.start for part in parts] == [
        date(2025, 2, 1),
        date(2025, 4, 1),
        date(2025, 7, 1),
    ]
    assert [quarter_label(part) for part in parts] == ["2025-Q1", "2025-Q2", "2025-Q3"]
    assert month_label(parts[0]) == "2025-02"


def test_this_quarter_is_the_calendar_quarter_of_today():
    assert this_quarter(date(2025, 12, 31)) == Period(date(2025, 10, 1), date(2026, 1, 1))
    assert this_quarter(date(2025, 4, 1)) == Period(date(2025, 4, 1), date(2025, 7, 1))


@pytest.mark.parametrize(
    ("today", "first_month", "start"),
    [
        (date(2025, 3, 31), 4, date(2024, 4, 1)),
        (date(2025, 4, 1), 4, date(2025, 4, 1)),
        (date(2025, 3, 31), 1, date(2025, 1, 1)),
        (date(2025, 9, 30), 10, date(2024, 10, 1)),
    ],
)
def test_fiscal_year_begins_in_its_first_month(today, first_month, start):
    year = fiscal_year(today, first_month=first_month)

    assert year == Period(start, start.replace(year=start.year + 1))


def test_last_12_months_end_with_today():
    assert last_12_months(date(2025, 11, 22)) == Period(date(2024, 11, 23), date(2025, 11, 23))
    assert last_12_months(date(2024, 2, 28)) == Period(date(2023, 3, 1), date(2024, 2, 29))


@pytest.mark.parametrize(
    ("day", "before", "on_or_before"),
    [
        (date(2025, 3, 31), date(2025, 2, 28), date(2025, 3, 31)),
        (date(2025, 3, 30), date(2025, 2, 28), date(2025, 2, 28)),
        (date(2025, 3, 1), date(2025, 2, 28), date(2025, 2, 28)),
        (date(2024, 3, 1), date(2024, 2, 29), date(2024, 2, 29)),
        (date(2024, 12, 31), date(2024, 11, 30), date(2024, 12, 31)),
    ],
)
def test_month_ends(day, before, on_or_before):
    assert last_month_end_before(day) == before
    assert last_month_end_on_or_before(day) == on_or_before
