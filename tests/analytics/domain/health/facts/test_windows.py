"""Windows of facts by hand and against plain loops; nothing of a later day."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.domain.health.facts.series import Series
from analytics.domain.health.facts.windows import Happened, Until, Windowed
from analytics.domain.health.formulas.formula import Aggregate, Formula, Measure, WindowDays
from analytics.domain.health.formulas.sources import Source, SourceKind
from analytics.domain.health.scoring import values_on
from tests.analytics.domain.health.formulas.made import rows_of


def usage_of(number: int, *facts: tuple[int, int, float], events: bool = False) -> Windowed:
    first = np.full(number, np.inf)
    for customer, day, _ in facts:
        first[customer] = min(first[customer], day)
    # Of working days every second one is one here.
    return Windowed(rows_of(number, *facts), first, lambda day, days: 2 * days, events)


def measure(**fields: Any) -> Measure:
    return Measure("m", "g", Source(SourceKind.USAGE, "x"), 1.0, **fields)


def values(series: Series, day: int, **fields: Any) -> list[float | None]:
    formula = Formula("f", "w", (measure(**fields),), (), {}, 0.5)
    found = values_on(day, formula=formula, series={measure().source: series})[:, 0].tolist()
    return [None if math.isnan(each) else each for each in found]


def test_a_renewal_counts_from_the_day_it_became_known() -> None:
    renews = Until(rows_of(1, (0, 10, 100), (0, 50, 465)))

    assert [values(renews, day) for day in (9, 10, 49, 50)] == [[None], [90], [51], [415]]


def test_nobody_has_completed_what_nobody_was_told_of() -> None:
    onboarding = Happened(rows_of(2, (1, 10, 1)))

    assert [values(onboarding, day) for day in (9, 10)] == [[None, None], [0, 1]]


FACTS = ((0, 1, 4.0), (0, 5, 0.0), (0, 8, 6.0), (1, 2, 3.0), (2, 30, 5.0))


@pytest.mark.parametrize(
    ("aggregate", "expected"),
    [
        # The last ten days; customer 1 had use before, and customer 2 comes later.
        (Aggregate.SUM, [6, 0, None]),
        (Aggregate.COUNT, [2, 0, None]),
        (Aggregate.DAYS_ACTIVE, [1, 0, None]),
        (Aggregate.MEAN, [3, None, None]),
        (Aggregate.LAST, [6, None, None]),
        (Aggregate.MAX, [6, None, None]),
        (Aggregate.DAYS_SINCE, [4, None, None]),
    ],
)
def test_a_window_of_usage(aggregate: Aggregate, expected: list[float | None]) -> None:
    usage = usage_of(3, *FACTS)

    assert values(usage, 12, aggregate=aggregate, window_days=10) == expected


def test_nobody_has_stopped_where_the_source_has() -> None:
    usage = usage_of(3, *FACTS)

    assert values(usage, 25, aggregate=Aggregate.SUM, window_days=10) == [None, None, None]


def test_a_change_is_against_the_window_before() -> None:
    usage = usage_of(3, (0, 1, 10.0), (0, 11, 5.0), (1, 11, 5.0), (2, 1, 4.0))

    fields: dict[str, Any] = {"aggregate": Aggregate.SUM, "window_days": 10, "is_change": True}
    assert values(usage, 20, **fields) == [-0.5, None, -1.0]


def test_a_series_is_empty_where_nobody_was_ever_told_of() -> None:
    nothing = usage_of(2)
    # Long ago, before any window that was read.
    old = Windowed(rows_of(1), np.array([5.0]), lambda day, days: days)

    assert (nothing.is_empty, old.is_empty) == (True, False)


def test_a_window_counts_working_days_where_the_measure_says_so() -> None:
    usage = usage_of(1, (0, 1, 4.0), (0, 8, 6.0))

    working = {"window_counts": WindowDays.WORKING}
    fields: dict[str, Any] = {"aggregate": Aggregate.SUM, "window_days": 5}
    assert values(usage, 10, **fields) == [6]
    assert values(usage, 10, **fields, **working) == [10]


def test_without_an_event_there_was_none_once_the_kind_is_known() -> None:
    tickets = usage_of(2, (0, 5, 1.0), (0, 5, 1.0), events=True)

    fields: dict[str, Any] = {"aggregate": Aggregate.COUNT, "window_days": 3}
    assert values(tickets, 4, **fields) == [None, None]
    assert values(tickets, 5, **fields) == [2, 0]
    assert values(tickets, 50, **fields) == [0, 0]
    assert values(tickets, 5, aggregate=Aggregate.DAYS_ACTIVE, window_days=3) == [1, 0]


LISTS = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 60), st.floats(0, 9)),
    max_size=40,
    unique_by=lambda f: f[:2],
)


@given(facts=LISTS, day=st.integers(0, 60), days=st.integers(1, 30))
def test_a_window_is_what_a_plain_loop_adds_up(
    facts: list[tuple[int, int, float]], day: int, days: int
) -> None:
    found = values(usage_of(4, *facts), day, aggregate=Aggregate.SUM, window_days=days)

    alive = any(day - days < each[1] <= day for each in facts)
    for customer in range(4):
        mine = [fact for fact in facts if fact[0] == customer and fact[1] <= day]
        inside = [value for _, on, value in mine if on > day - days]
        expected = None if not mine or not alive else pytest.approx(sum(inside))
        assert found[customer] == expected


@given(facts=LISTS, later=LISTS, day=st.integers(0, 30), aggregate=st.sampled_from(Aggregate))
def test_later_facts_change_no_earlier_day(
    facts: list[tuple[int, int, float]],
    later: list[tuple[int, int, float]],
    day: int,
    aggregate: Aggregate,
) -> None:
    new = [(customer, on + day + 1, value) for customer, on, value in later]
    for events in (False, True):
        before = usage_of(4, *facts, events=events)
        known = {fact[:2] for fact in facts}
        added = [*facts, *(fact for fact in new if fact[:2] not in known)]
        after = usage_of(4, *added, events=events)
        fields: dict[str, Any] = {"aggregate": aggregate, "window_days": 7}
        assert values(before, day, **fields) == values(after, day, **fields)
