"""The effect on simulated worlds whose truth is known."""

from __future__ import annotations

import random

import pytest

from actions.domain.follow_ups.effect import LEAST, Case, bands, effect
from actions.domain.follow_ups.hold_out import Arm, arm_of

WORLDS = 800


def world(rng: random.Random, *, difference: float, is_share: bool) -> list[Case]:
    """Large customers are followed up more often, and are better off by themselves."""
    cases = []
    for _ in range(150):
        band = rng.randrange(3)
        followed_up = rng.random() < (0.25, 0.5, 0.75)[band]
        level = (0.4, 0.55, 0.7)[band] + difference * followed_up
        value = float(rng.random() < level) if is_share else rng.gauss(10 * level, 2)
        cases.append(Case(str(band), followed_up, value))
    return cases


@pytest.mark.parametrize("is_share", [True, False])
@pytest.mark.parametrize("difference", [0.0, 0.2])
def test_the_truth_is_found_without_bias_and_the_interval_holds_it(
    difference: float, is_share: bool
) -> None:
    rng = random.Random(2026)
    truth = difference if is_share else 10 * difference
    found = [
        effect(world(rng, difference=difference, is_share=is_share), is_share=is_share)
        for _ in range(WORLDS)
    ]

    bias = sum(each.difference - truth for each in found) / WORLDS
    covered = sum(each.low <= truth <= each.high for each in found) / WORLDS
    # Three standard errors of the simulation itself; the table of docs/statistics.md is closer.
    assert abs(bias) < (0.013 if is_share else 0.055)
    assert 0.93 <= covered <= 0.97


@pytest.mark.parametrize("is_share", [True, False])
@pytest.mark.parametrize("difference", [0.0, 0.1])
def test_by_lot_the_effect_of_the_lot_is_found_whoever_was_reached(
    difference: float, is_share: bool
) -> None:
    """Seven in ten of those who are not held out are reached, and the large ones rather."""
    rng = random.Random(2026)
    truth = 0.7 * difference * (1 if is_share else 10)
    found = [
        effect(trial(rng, number, difference=difference, is_share=is_share), is_share=is_share)
        for number in range(WORLDS)
    ]

    assert abs(sum(each.difference - truth for each in found) / WORLDS) < (
        0.014 if is_share else 0.07
    )
    assert 0.93 <= sum(each.low <= truth <= each.high for each in found) / WORLDS <= 0.97


def trial(rng: random.Random, number: int, *, difference: float, is_share: bool) -> list[Case]:
    cases = []
    for customer in range(200 * number, 200 * number + 200):
        band = rng.randrange(3)
        drawn = arm_of(customer, percent=20) is Arm.FOLLOWED_UP
        is_reached = drawn and rng.random() < (0.5, 0.7, 0.9)[band]
        level = (0.7, 0.78, 0.86)[band] + difference * is_reached
        value = float(rng.random() < level) if is_share else rng.gauss(10 * level, 2)
        cases.append(Case(str(band), drawn, value))
    return cases


def test_without_strata_the_same_worlds_would_lie() -> None:
    rng = random.Random(2026)
    worlds = [world(rng, difference=0.0, is_share=True) for _ in range(50)]
    plain = [[Case("", each.followed_up, each.value) for each in cases] for cases in worlds]

    assert sum(effect(cases, is_share=True).difference for cases in plain) / 50 > 0.05


def test_too_few_or_one_kind_alone_say_nothing() -> None:
    few = [Case("a", True, 1.0)] * (LEAST - 1) + [Case("a", False, 0.0)] * 50
    apart = [Case("a", True, 1.0)] * 50 + [Case("b", False, 0.0)] * 50

    for cases in (few, apart):
        found = effect(cases, is_share=True)
        assert (found.mean_followed_up, found.mean_others) == (1.0, 0.0)
        assert found.difference is found.low is found.high is None
    assert effect([], is_share=True) == (0, 0, None, None, None, None, None)


def test_a_share_without_a_loss_still_has_an_interval() -> None:
    found = effect(
        [Case("a", kind, 1.0) for kind in (True, False) for _ in range(30)], is_share=True
    )

    assert found.difference == 0
    assert found.low < 0 < found.high


def test_bands_are_equally_large_and_the_unknown_stands_apart() -> None:
    assert bands([5, 1, None, 3, 9, 7, 2]) == ["1", "0", "unknown", "1", "2", "2", "0"]
    assert bands([None]) == ["unknown"]
