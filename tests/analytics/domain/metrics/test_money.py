from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analytics.domain.metrics.estimates import UNKNOWN
from analytics.domain.metrics.facts import Choices
from analytics.domain.metrics.lifetime import MOST_MONTHS
from analytics.domain.metrics.money import KeptRevenue, lifetime_by_survival, lifetime_value


def kept(*rows: tuple[float, float]) -> KeptRevenue:
    """MRR at start and at end."""
    frame = pd.DataFrame(rows, columns=["start", "end"])
    return KeptRevenue(
        pd.DataFrame(
            {
                "start": frame["start"],
                "kept": frame.min(axis=1),
                "expansion": (frame["end"] - frame["start"]).clip(lower=0),
            }
        )
    )


WORLD = [(100.0, 100.0)] * 30 + [(100.0, 0.0)] * 5 + [(100.0, 150.0)] * 5


def test_shares_of_money_have_the_limits_of_customers_drawn_again() -> None:
    world = kept(*WORLD, (0.0, 500.0), (float("nan"), 100.0))

    found = {
        "grr": world.estimate("grr", value=35 / 40),
        "nrr": world.estimate("nrr", value=37.5 / 40),
    }

    # The binomial of 40 with 35 in 40; who had no MRR at start is in neither.
    assert found["grr"].low == pytest.approx(0.76, abs=0.02)
    assert found["grr"].high == pytest.approx(0.97, abs=0.02)
    assert found["nrr"].low == pytest.approx(0.80, abs=0.03)
    assert found["nrr"].high == pytest.approx(1.05, abs=0.03)
    assert found["grr"].reportable


def test_what_is_lost_has_the_limits_of_what_is_kept_turned_round() -> None:
    world = kept(*WORLD)
    grr = world.estimate("grr", value=35 / 40)

    lost = world.estimate("revenue_churn_rate", value=5 / 40)

    assert grr.low is not None
    assert grr.high is not None
    assert (lost.low, lost.high) == (1 - grr.high, 1 - grr.low)


def test_a_change_is_that_of_two_ratios_and_turns_round_with_the_metric() -> None:
    now, before = kept(*WORLD), kept(*[(100.0, 90.0)] * 20, *[(100.0, 110.0)] * 20)

    nrr = now.change("nrr", compared=before)
    churn = now.change("net_revenue_churn_rate", compared=before)

    assert nrr is not None
    assert churn is not None
    assert nrr.difference == pytest.approx(37.5 / 40 - 1)
    assert (churn.difference, churn.low, churn.high) == (-nrr.difference, -nrr.high, -nrr.low)
    assert churn.p_value == nrr.p_value


def test_few_customers_and_those_that_did_not_move_have_no_interval() -> None:
    few = kept(*WORLD[26:35]).estimate("grr", value=4 / 9)
    still = kept(*WORLD[:30]).estimate("grr", value=1.0)

    assert (few.low, few.high, few.reportable) == (None, None, False)
    assert (still.low, still.high, still.reportable) == (None, None, True)


def test_a_customer_is_worth_what_it_pays_a_year_for_as_long_as_churn_says() -> None:
    """1,200 a year; of 20 one leaves in each of two months: 5 % a month are 20 months."""
    yearly = np.array([1200.0] * 18 + [0.0] * 2)
    churn = np.zeros((20, 4))
    churn[:, 0] = 1
    churn[:19, 1] = 1
    churn[19, 2] = 1
    churn[18, 3] = 1

    found = lifetime_value(yearly, churn)

    assert found.value == pytest.approx(1200 / 12 / ((1 / 20 + 1 / 19) / 2))
    # In many draws nobody leaves: the value has no upper end.
    assert found.low is not None
    assert found.high is None
    assert lifetime_value(yearly, churn * [1, 1, 0, 0]) == UNKNOWN
    assert lifetime_value(yearly * 0, churn) == UNKNOWN


def test_lifetime_by_survival_is_what_is_paid_times_the_months_that_revenue_stays() -> None:
    followed = np.zeros((20, 2 * MOST_MONTHS))
    followed[:, :3] = 50.0
    followed[0, MOST_MONTHS] = 50.0
    followed[0, 1:3] = 0.0

    found, horizon = lifetime_by_survival(np.full(20, 80.0), followed, choices=Choices(margin=0.5))

    assert horizon == 3
    assert found.value == pytest.approx(80 * 0.5 * (1 + 0.95 + 0.95))
    assert found.low is not None
    assert found.high is not None
    assert found.low < found.value < found.high
    assert lifetime_by_survival(np.full(20, 80.0), followed * 0, choices=Choices()) == (UNKNOWN, 0)
