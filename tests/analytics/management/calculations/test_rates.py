"""Shares and their changes; statsmodels as the oracle."""

from __future__ import annotations

import pytest
from statsmodels.stats.proportion import proportion_confint

from tests.analytics.management.calculations.calculating import calculate, refused


def test_a_share_has_wilsons_interval() -> None:
    found = calculate("rate", 11, 100)

    assert (found["low"], found["high"]) == pytest.approx(
        proportion_confint(11, 100, method="wilson")
    )
    assert calculate("rate", 0, 0) == {"rate": None, "low": None, "high": None}


def test_a_change_of_shares_is_the_first_minus_the_second() -> None:
    found = calculate("rate_change", 56, 70, 48, 80)

    # Newcombe (1998), table II, example (a), method 10.
    assert (found["low"], found["high"]) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert found["change"] == pytest.approx(0.2)


@pytest.mark.parametrize("counts", [(11, 10), (-1, 10)])
def test_a_part_is_no_more_than_its_whole(counts) -> None:
    assert "at most the whole" in refused("rate", *counts)
    assert "at most the whole" in refused("rate_change", 1, 2, *counts)
