"""What is known of each customer on a day, by hand and against plain loops."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from analytics.domain.health.facts.series import (
    Latest,
    Monthly,
    Series,
    Tenure,
    months_before,
)
from analytics.domain.health.formulas.formula import Measure
from analytics.domain.health.formulas.sources import Source, SourceKind
from tests.analytics.domain.health.formulas.made import rows_of

NAN = math.nan


def measure(**fields: Any) -> Measure:
    return Measure("m", "g", Source(SourceKind.USAGE, "x"), 1.0, **fields)


def values(series: Series, day: int, **fields: Any) -> list[float | None]:
    found = series.on(day, measure(**fields)).tolist()
    return [None if math.isnan(each) else each for each in found]


def test_the_last_fact_holds_until_it_is_too_old() -> None:
    answers = Latest(rows_of(2, (0, 10, 9), (0, 20, 3), (1, 15, 7)))

    assert values(answers, 9) == [None, None]
    assert values(answers, 19) == [9, 7]
    assert values(answers, 20) == [3, 7]
    assert values(answers, 25, max_age_days=5) == [3, None]


def test_a_pulse_expires_by_itself() -> None:
    pulse = Latest(rows_of(1, (0, 10, 9)), expires_after=89)

    assert (values(pulse, 99), values(pulse, 100)) == ([9], [None])


def test_an_attribute_that_became_known_later_stands_in_for_before() -> None:
    seats = Latest(rows_of(2, (0, 10, 5), (0, 20, 8)), reaches_back=True)

    assert [values(seats, day) for day in (1, 10, 20)] == [[5, None], [5, None], [8, None]]


def test_tenure_is_not_known_before_the_start() -> None:
    tenure = Tenure(np.array([0.0, NAN, 100.0]))

    assert values(tenure, 73) == [pytest.approx(73 / 365.25 * 12), None, None]


def test_revenue_is_that_of_the_last_month_end() -> None:
    ends = [
        months_before(int(np.datetime64("2026-06-15", "D").astype(int)), back) for back in (3, 0)
    ]
    revenue = np.array([[100.0, 0.0, NAN], [80.0, 50.0, 10.0]])
    march, june = ends

    assert values(Monthly(np.array(ends), revenue), march - 1) == [None, None, None]
    assert values(Monthly(np.array(ends), revenue), june - 1) == [100, 0, None]
    assert values(Monthly(np.array(ends), revenue), june) == [80, 50, 10]
    # Of nothing, and of what is not known, there is no change.
    change = Monthly(np.array(ends), revenue, months_back=3)
    assert values(change, june) == [pytest.approx(-0.2), None, None]
    assert values(change, june - 1) == [None, None, None]
