from __future__ import annotations

import datetime as dt

import pandas as pd

from tests.analytics.domain.metrics.test_shares import facts


def test_who_left_on_the_first_day_was_a_customer_at_start_and_who_came_on_it_was_not() -> None:
    found = facts(
        {
            1: ("2026-03-31", "2026-04-01"),
            2: ("2026-04-01", None),
            3: ("2026-03-31", "2026-03-31"),
        }
    )

    assert found.at_start().tolist() == [1]


def test_of_a_period_that_still_runs_only_the_days_that_have_come_count() -> None:
    found = facts({}, today=dt.date(2026, 5, 1))

    days = pd.Series(pd.to_datetime(["2026-03-31", "2026-04-01", "2026-05-01", "2026-05-02"]))
    assert found.ends_in(days).tolist() == [False, True, True, False]


def test_events_are_chosen_by_kind_and_up_to_the_end() -> None:
    events = [
        (1, "trained", "2026-06-30 23:59", ""),
        (1, "trained", "2026-07-01 00:00", ""),
        (1, "referred", "2026-05-01", ""),
    ]

    assert len(facts({1: ("2025-01-01", None)}, events=events).of("trained")) == 1
