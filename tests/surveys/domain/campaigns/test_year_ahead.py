from __future__ import annotations

import datetime as dt
import random

import pytest

from surveys.domain.campaigns import year_ahead
from surveys.domain.campaigns.occasions import Occasion
from surveys.domain.campaigns.year_ahead import Outcome, Wanted, told_of

NOW = dt.datetime(2027, 1, 4, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def wanted(
    campaign: int, due: int, *, late: int = 14, gap: int = 0, reserves: bool = False
) -> Wanted:
    occasion = Occasion(str(due), NOW + due * DAY, NOW + (due + late + 1) * DAY)
    return Wanted(campaign, occasion, gap * DAY, reserves)


def told(asked: list[int], *occasions: Wanted) -> list[tuple[int, int, Outcome]]:
    """Campaign, day and outcome, by day."""
    found, _ = told_of([NOW + each * DAY for each in asked], occasions, now=NOW, limit=2)
    return sorted((each.campaign_id, (each.at - NOW).days, each.outcome) for each in found)


def test_two_a_year_are_asked_and_the_third_is_capped() -> None:
    occasions = [wanted(1, 10), wanted(1, 130), wanted(1, 250)]

    assert told([], *occasions) == [
        (1, 10, Outcome.ASKED), (1, 130, Outcome.ASKED), (1, 250, Outcome.CAPPED),
    ]  # fmt: skip


def test_a_slot_that_comes_free_in_time_is_waited_for_and_no_later_one() -> None:
    assert told([-355, -5], wanted(1, 0)) == [(1, 10, Outcome.ASKED)]
    assert told([-345, -5], wanted(1, 0)) == [(1, 0, Outcome.CAPPED)]


def test_an_occasion_that_began_before_is_asked_about_now() -> None:
    assert told([], wanted(1, -5)) == [(1, 0, Outcome.ASKED)]


def test_a_slot_is_kept_for_whoever_reserves_it_and_given_once_it_is_used() -> None:
    before = wanted(2, 200, reserves=True)

    assert told([-100], wanted(1, 50), before) == [
        (1, 50, Outcome.RESERVED), (2, 200, Outcome.ASKED),
    ]  # fmt: skip
    assert told([-100], wanted(1, 275), before) == [
        (1, 275, Outcome.ASKED), (2, 200, Outcome.ASKED),
    ]  # fmt: skip


def test_another_survey_a_short_time_before_is_waited_for() -> None:
    assert told([-5], wanted(1, 0, gap=15)) == [(1, 10, Outcome.ASKED)]
    assert told([-5], wanted(1, 0, gap=30)) == [(1, 0, Outcome.CAPPED)]


def test_days_that_are_skipped_would_have_changed_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    dice = random.Random(38)
    for _ in range(150):
        occasions = [
            wanted(
                number,
                dice.randrange(-20, 500),
                late=dice.randrange(90),
                gap=dice.choice([0, 30, 90]),
                reserves=dice.random() < 0.3,
            )
            for number in range(dice.randrange(1, 7))
        ]
        asked = [NOW - dice.randrange(400) * DAY for _ in range(dice.randrange(3))]
        found = told_of(asked, occasions, now=NOW, limit=2)
        with monkeypatch.context() as patch:
            patch.setattr(year_ahead, "_days_capped", lambda *_, **__: 1)
            assert told_of(asked, occasions, now=NOW, limit=2) == found
