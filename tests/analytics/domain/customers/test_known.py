from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from analytics.domain.customers.known import (
    Knowledge,
    Known,
    churn_known_since,
    revenue_known,
)
from analytics.domain.periods import Period

YEAR = Period(date(2026, 1, 1), date(2027, 1, 1))
UNTIL = date(2026, 10, 31)


def left_in(*months: int, stay: int = 40) -> pd.DataFrame:
    """Customers since January of 2025; one left on the tenth of each of the months of 2026."""
    churned = [pd.Timestamp(2026, month, 10) for month in months] + [pd.NaT] * stay
    started = [pd.Timestamp(2025, 1, 1)] * len(churned)
    return pd.DataFrame({"started_on": started, "churned_on": churned}, dtype="datetime64[s]")


def test_losses_of_one_month_alone_are_known_from_that_month_on() -> None:
    assert churn_known_since(left_in(*[10] * 7), until=UNTIL) == date(2026, 10, 1)


@pytest.mark.parametrize(
    "months",
    [
        (),
        # Fewer than five can fall anywhere.
        (10, 10, 10, 10),
        (1, 2, 4, 5, 7, 9),
        (4, 5, 6, 9, 10),
    ],
)
def test_losses_that_may_have_fallen_so_by_chance_leave_it_open(months: tuple[int, ...]) -> None:
    assert churn_known_since(left_in(*months), until=UNTIL) is None


def test_a_file_of_before_the_first_loss_has_said_that_nobody_had_left() -> None:
    losses = left_in(*[10] * 7)
    assert churn_known_since(losses, told_since=date(2026, 10, 10), until=UNTIL) is None
    assert churn_known_since(losses, told_since=date(2026, 10, 11), until=UNTIL) is not None


def test_young_customers_had_no_time_to_leave_before() -> None:
    found = left_in(*[10] * 7).assign(started_on=pd.Timestamp(2026, 9, 25))
    assert churn_known_since(found, until=UNTIL) is None


@pytest.mark.parametrize(
    ("known", "covers"),
    [
        (Known(), True),
        (Known(since=date(2026, 1, 31)), True),
        (Known(since=date(2026, 2, 1)), False),
        (Known(since=date(2026, 12, 31)), False),
        (Known(since=date(2027, 1, 1)), False),
        (Known(until=date(2026, 12, 1)), True),
        (Known(until=date(2026, 11, 30)), False),
        (Known(until=date(2026, 1, 1)), False),
        (Known(until=date(2025, 12, 31)), False),
    ],
)
def test_what_is_known_of_a_period(known: Known, covers: bool) -> None:
    assert Knowledge(known, None).churn_in(YEAR) == covers


@pytest.mark.parametrize(
    ("today", "known"),
    [
        # Of the days that have come nearly all are known; of those to come nothing is missing.
        (date(2026, 6, 30), True),
        (date(2026, 7, 16), True),
        (date(2026, 8, 1), False),
        (date(2026, 1, 1), True),
        # What has not begun is not known.
        (date(2025, 12, 31), False),
    ],
)
def test_a_period_that_runs_is_known_as_far_as_it_has_come(today: date, known: bool) -> None:
    found = Knowledge(Known(until=date(2026, 6, 30)), None, today=today)
    assert found.churn_in(YEAR) == known


def test_revenue_of_a_period_that_runs_ends_with_the_last_month_end_that_came() -> None:
    revenue = revenue_known(date(2025, 12, 1), date(2026, 6, 1))
    assert Knowledge(None, revenue, today=date(2026, 7, 30)).covers_revenue(YEAR)
    assert not Knowledge(None, revenue, today=date(2026, 8, 31)).covers_revenue(YEAR)
    assert not Knowledge(None, revenue).covers_revenue(YEAR)


def test_what_nobody_told_of_covers_nothing() -> None:
    never = Knowledge(None, revenue_known(None, None))
    assert not never.churn_in(YEAR)
    assert (never.mrr_at_start(YEAR), never.covers_revenue(YEAR)) == (False, False)


@pytest.mark.parametrize(
    ("first", "last", "at_start", "covers"),
    [
        ((2025, 12), (2026, 12), True, True),
        ((2025, 12), (2026, 11), True, False),
        ((2025, 6), (2026, 12), True, True),
        ((2026, 1), (2026, 12), False, False),
        ((2025, 1), (2025, 12), True, False),
        ((2025, 1), (2025, 11), False, False),
    ],
)
def test_revenue_of_a_period_needs_the_month_end_before_it(
    first: tuple[int, int], last: tuple[int, int], at_start: bool, covers: bool
) -> None:
    known = Knowledge(None, revenue_known(date(*first, 1), date(*last, 1)))
    assert (known.mrr_at_start(YEAR), known.covers_revenue(YEAR)) == (at_start, covers)


def test_a_month_that_is_not_imported_yet_is_no_gap() -> None:
    """In the first days of December the month-end of November may still be missing."""
    known = Knowledge(None, revenue_known(date(2025, 1, 1), date(2026, 10, 1)))
    assert known.covers_revenue(Period(date(2025, 12, 6), date(2026, 12, 6)))
