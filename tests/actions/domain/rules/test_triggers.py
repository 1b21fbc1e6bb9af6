from __future__ import annotations

from dataclasses import replace

import pytest

from actions.domain.rules.triggers import (
    DEFAULTS,
    Said,
    Trigger,
    fires,
    fires_for_passives,
    may_fire,
    needs_decision,
    rule_for,
)

SCORE, FALL = DEFAULTS[Trigger.SCORE], replace(DEFAULTS[Trigger.FALL], is_active=True)


def said(score: int, *, before: int | None = None, comment: bool = False) -> Said:
    return Said(score, has_comment=comment, before=before)


def test_a_score_fires_up_to_its_level_and_only_with_a_comment_where_that_is_asked() -> None:
    with_comment = replace(SCORE, only_with_comment=True)

    assert [score for score in range(11) if fires(SCORE, said(score))] == list(range(7))
    assert not fires(with_comment, said(0))
    assert fires(with_comment, said(0, comment=True))
    assert not fires(replace(SCORE, is_active=False), said(0))


@pytest.mark.parametrize(
    ("before", "score", "fired"),
    [(10, 7, True), (10, 8, False), (None, 7, False), (5, 8, False), (8, 8, False)],
)
def test_a_fall_is_held_against_the_answer_before(
    before: int | None, score: int, fired: bool
) -> None:
    assert fires(FALL, said(score, before=before)) is fired


def test_a_fall_to_praise_is_none() -> None:
    assert not fires(replace(FALL, level=1), said(9, before=10))


def test_the_first_rule_that_fires_has_the_answer_and_a_fall_is_off_until_it_is_put_on() -> None:
    assert rule_for([SCORE, FALL], said(3, before=10)) == SCORE
    assert rule_for([SCORE, FALL], said(7, before=10)) == FALL
    assert rule_for(DEFAULTS.values(), said(7, before=10)) is None


def test_praise_costs_no_rules_and_only_detractors_must_be_decided_on() -> None:
    assert [score for score in range(11) if may_fire(score)] == list(range(9))
    assert [score for score in range(11) if needs_decision(score)] == list(range(7))
    assert not may_fire(None)
    assert not needs_decision(None)


def test_a_rule_is_one_for_passives_where_it_could_fire_for_one() -> None:
    assert not fires_for_passives(SCORE)
    assert fires_for_passives(replace(SCORE, level=7, only_with_comment=True))
    assert fires_for_passives(FALL)
    assert not fires_for_passives(DEFAULTS[Trigger.FALL])
