"""Difference in differences: on worlds whose truth is known, and what is said of it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from actions.domain.improvements import Effect, Result, difference_in_differences, result_of
from analytics.domain.metrics.estimates import change_of_share
from analytics.domain.statistics.interval import Change

WORLDS, TREND, TRUE = 500, -0.06, 0.09


def test_it_is_the_change_here_less_the_change_there() -> None:
    effect = difference_in_differences(
        Change(0.10, 0.04, 0.16, 0.01), untouched=Change(-0.02, -0.10, 0.06, 0.6)
    )

    assert effect.value == pytest.approx(0.12)
    # Squared and added: 0.06 and 0.08 make 0.10.
    assert (effect.low, effect.high) == pytest.approx((0.02, 0.22))


@pytest.mark.parametrize(
    ("effect", "at_most", "is_over", "result"),
    [
        (Effect(0.1, 0.01, 0.2), False, True, Result.HELPED),
        (Effect(0.1, 0.01, 0.2), True, True, Result.HARMED),
        (Effect(-0.1, -0.2, -0.01), True, True, Result.HELPED),
        (Effect(-0.1, -0.2, -0.01), False, True, Result.HARMED),
        (Effect(0.1, -0.01, 0.2), False, True, Result.NOT_SHOWN),
        (Effect(0.1, 0.0, 0.2), False, True, Result.NOT_SHOWN),
        (None, False, True, Result.CANNOT_TELL),
        (Effect(0.1, 0.01, 0.2), False, False, Result.RUNNING),
        (None, False, False, Result.RUNNING),
    ],
)
def test_only_an_interval_without_0_shows_an_effect(
    effect: Effect | None, at_most: bool, is_over: bool, result: Result
) -> None:
    assert result_of(effect, at_most=at_most, is_over=is_over) is result


def units(rng: np.random.Generator, chances: np.ndarray) -> pd.DataFrame:
    """Of each customer one to three, by its own chance."""
    owners = np.repeat(np.arange(len(chances)), rng.integers(1, 4, len(chances)))
    hits = rng.random(len(owners)) < chances[owners]
    return pd.DataFrame({"customer": owners, "hit": hits})


def change(rng: np.random.Generator, *, customers: int, rate: float, move: float) -> Change:
    """The same customers before and after, who differ from one another."""
    own = rng.beta(6 * rate, 6 * (1 - rate), customers)
    found = change_of_share(units(rng, np.clip(own + move, 0, 1)), units(rng, own))
    assert found is not None
    return found


def test_it_is_right_on_average_and_its_interval_holds_the_truth_as_often_as_it_promises() -> None:
    """Both groups move by the same trend, one of them by the effect besides; they differ in size
    and in level. Chances stay inside 0 and 1, so the truth is what was put in."""
    rng = np.random.default_rng(20_261_129)
    found = [
        difference_in_differences(
            change(rng, customers=60, rate=0.45, move=TREND + TRUE),
            untouched=change(rng, customers=140, rate=0.6, move=TREND),
        )
        for _ in range(WORLDS)
    ]

    bias = float(np.mean([each.value for each in found])) - TRUE
    held = float(np.mean([each.low <= TRUE <= each.high for each in found]))
    assert abs(bias) < 0.01
    assert 0.93 <= held <= 0.97
