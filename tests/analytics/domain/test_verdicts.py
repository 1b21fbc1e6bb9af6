from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.domain.statistics.interval import Interval
from analytics.domain.verdicts import Verdict, verdict_on

numbers = st.floats(-100, 100)


@pytest.mark.parametrize(
    ("low", "high", "shown"),
    [
        (31, 40, Verdict.MET),
        (30, 40, Verdict.MET),
        (20, 40, Verdict.CANNOT_TELL),
        (20, 30, Verdict.CANNOT_TELL),
        (20, 29, Verdict.NOT_MET),
    ],
)
def test_of_at_least_30(low, high, shown):
    assert verdict_on(30, interval=Interval(low, high)) is shown


@pytest.mark.parametrize(
    ("low", "high", "shown"),
    [
        (0.02, 0.05, Verdict.MET),
        (0.02, 0.1, Verdict.MET),
        (0.02, 0.2, Verdict.CANNOT_TELL),
        (0.1, 0.2, Verdict.CANNOT_TELL),
        (0.11, 0.2, Verdict.NOT_MET),
    ],
)
def test_of_at_most_10_per_cent(low, high, shown):
    assert verdict_on(0.1, interval=Interval(low, high), at_most=True) is shown


def test_without_an_interval_nobody_can_tell():
    assert verdict_on(30, interval=None) is Verdict.CANNOT_TELL


@given(numbers, numbers, numbers, st.booleans())
def test_a_target_inside_the_interval_is_never_decided(first, second, third, at_most):
    low, target, high = sorted((first, second, third))
    inside = low < target < high

    found = verdict_on(target, interval=Interval(low, high), at_most=at_most)

    if inside:
        assert found is Verdict.CANNOT_TELL
    opposite = verdict_on(-target, interval=Interval(-high, -low), at_most=not at_most)
    assert found is opposite
