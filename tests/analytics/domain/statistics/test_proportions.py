"""statsmodels is the oracle: Wilson's and Newcombe's limits and the pooled score test."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import (
    confint_proportions_2indep,
    proportion_confint,
    proportions_ztest,
)

from analytics.domain.statistics.proportions import Share, change_of_rate, wilson_interval

shares = st.integers(1, 500).flatmap(
    lambda whole: st.builds(Share, st.integers(0, whole), st.just(whole))
)


def test_newcombes_published_example():
    """Newcombe (1998), Statistics in Medicine 17, table II: 56/70 against 48/80, method 10."""
    found = change_of_rate(Share(56, 70), compared=Share(48, 80))

    assert found.difference == pytest.approx(0.2)
    assert (found.low, found.high) == pytest.approx((0.0524, 0.3339), abs=5e-5)


@given(shares)
def test_interval_equals_statsmodels(share):
    low, high = proportion_confint(share.part, share.whole, method="wilson")

    assert wilson_interval(share) == pytest.approx((low, high), abs=1e-12)
    assert 0 <= wilson_interval(share).low <= share.rate <= wilson_interval(share).high <= 1


@given(shares, shares)
def test_change_equals_statsmodels(now, before):
    low, high = confint_proportions_2indep(
        now.part, now.whole, before.part, before.whole, method="newcomb", compare="diff"
    )

    found = change_of_rate(now, compared=before)

    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-12)
    if 0 < now.part + before.part < now.whole + before.whole:
        _, p_value = proportions_ztest([now.part, before.part], [now.whole, before.whole])
        assert found.p_value == pytest.approx(p_value, abs=1e-12)


@given(shares, shares)
def test_change_the_other_way_round_has_the_other_sign(now, before):
    there, back = change_of_rate(now, compared=before), change_of_rate(before, compared=now)

    assert (there.difference, there.low) == pytest.approx((-back.difference, -back.high))
    assert there.p_value == pytest.approx(back.p_value)


def test_of_nobody_there_is_no_rate_and_no_change():
    assert (Share().rate, wilson_interval(Share())) == (None, None)
    assert change_of_rate(Share(), compared=Share(1, 2)) is None
    assert change_of_rate(Share(1, 2), compared=Share()) is None


@pytest.mark.parametrize("part", [0, 10])
def test_where_all_are_alike_there_is_nothing_to_test(part):
    found = change_of_rate(Share(part, 10), compared=Share(part * 2, 20))

    assert (found.difference, found.p_value) == (0, 1)
    assert found.low < 0 < found.high
