"""The change between two groups that share no customer."""

from __future__ import annotations

import pytest
from hypothesis import given

from analytics.domain.statistics.interval import (
    Change,
)
from tests.analytics.domain.oracles import (
    change,
)
from tests.analytics.domain.statistics.nps.counted import EXACT, answered, of


@pytest.mark.parametrize(
    ("current", "compared", "difference", "p_value", "limits"),
    [
        (of(10, 20, 30), of(20, 20, 20), 33.333333, 0.0223482, (4.704458, 59.981161)),
        (of(184, 83, 240), of(99, 50, 110), 6.798261, 0.321102, (-6.624007, 20.221296)),
        (of(5, 15, 80), of(15, 30, 55), 35, 0.000188385, (16.550963, 52.663618)),
    ],
)
def test_change_is_raw_with_mover_limits_and_adjusted_p(
    current, compared, difference, p_value, limits
):
    found = change(current, compared=compared)

    assert found.difference == pytest.approx(difference, **EXACT)
    assert (found.low, found.high) == pytest.approx(limits, **EXACT)
    assert found.p_value == pytest.approx(p_value, rel=5e-6)


def test_change_is_not_the_plain_z_test():
    assert change(of(10, 20, 30), compared=of(20, 20, 20)).p_value > 0.0195175 + 1e-4


def test_change_shows_the_raw_difference_although_the_adjusted_ones_differ():
    found = change(of(2, 3, 5), compared=of(20, 30, 50))

    assert found.difference == 0
    assert found.p_value < 1


@given(answered, answered)
def test_change_swaps_sign_with_its_periods(one, other):
    there, back = change(one, compared=other), change(other, compared=one)

    assert back == pytest.approx(
        Change(-there.difference, -there.high, -there.low, there.p_value), abs=1e-9
    )
    assert there.low <= there.difference <= there.high


@given(answered)
def test_change_to_itself_is_nothing(counts):
    found = change(counts, compared=counts)

    assert (found.difference, found.p_value) == (0, 1)
