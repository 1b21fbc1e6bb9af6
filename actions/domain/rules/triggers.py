"""What opens a follow-up: rules on answers, and why one was opened."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from surveys.domain.answers.scoring import DETRACTOR_MAX, PROMOTER_MIN, SCORE_MAX


class Trigger(StrEnum):
    # A score of `level` or less.
    SCORE = "score"
    # `level` or more below what the same person answered before, and no promoter.
    FALL = "fall"
    # The contract renews within `level` days and health is not good.
    RENEWAL = "renewal"
    # MRR is `level` per cent or more below that of the month before, and not gone.
    CONTRACTION = "contraction"
    # Health came into the worst band; again only after it was `level` points above it.
    BAND = "band"
    # Not onboarded `level` days after the start.
    ONBOARDING = "onboarding"
    # A key person has not answered `level` days after the survey was sent.
    SILENCE = "silence"
    # Somebody of ours decided it.
    MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class Rule:
    trigger: Trigger
    level: int
    due_hours: int
    is_active: bool = True
    only_with_comment: bool = False
    # Of SILENCE: who is a key person, as the value of a segment of respondents: `role=buyer`.
    key: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """A counted answer; `before` is the score that the same person gave the time before."""

    score: int
    has_comment: bool
    before: int | None = None


# What holds until an admin changes it. In this order: the first rule that fires has the answer.
DEFAULTS = {
    Trigger.SCORE: Rule(Trigger.SCORE, level=DETRACTOR_MAX, due_hours=18),
    Trigger.FALL: Rule(Trigger.FALL, level=3, due_hours=27, is_active=False),
    Trigger.RENEWAL: Rule(Trigger.RENEWAL, level=90, due_hours=45, is_active=False),
    Trigger.CONTRACTION: Rule(Trigger.CONTRACTION, level=10, due_hours=27, is_active=False),
    Trigger.BAND: Rule(Trigger.BAND, level=5, due_hours=27, is_active=False),
    Trigger.ONBOARDING: Rule(Trigger.ONBOARDING, level=90, due_hours=45, is_active=False),
    Trigger.SILENCE: Rule(Trigger.SILENCE, level=14, due_hours=27, is_active=False),
    Trigger.MANUAL: Rule(Trigger.MANUAL, level=0, due_hours=18),
}
BY_ANSWER = (Trigger.SCORE, Trigger.FALL)
BY_FACTS = (
    Trigger.RENEWAL, Trigger.CONTRACTION, Trigger.BAND, Trigger.ONBOARDING, Trigger.SILENCE,
)  # fmt: skip


def may_fire(score: int | None) -> bool:
    """Whether any rule could: praise opens nothing, so it costs no look at the rules."""
    return score is not None and score < PROMOTER_MIN


def fires(rule: Rule, said: Said) -> bool:
    if not rule.is_active or (rule.only_with_comment and not said.has_comment):
        return False
    if rule.trigger is Trigger.SCORE:
        return said.score <= rule.level
    fallen = said.before is not None and said.before - said.score >= rule.level
    return rule.trigger is Trigger.FALL and fallen and may_fire(said.score)


def fires_for_passives(rule: Rule) -> bool:
    """Whether it could: what opens follow-ups for detractors alone holds nobody out."""
    lowest = Said(DETRACTOR_MAX + 1, has_comment=True, before=SCORE_MAX)
    return fires(rule, lowest)


def rule_for(rules: Iterable[Rule], said: Said) -> Rule | None:
    return next((rule for rule in rules if fires(rule, said)), None)


def needs_decision(score: int | None) -> bool:
    """Every counted detractor answer is followed up, dismissed with a reason, or waits."""
    return score is not None and score <= DETRACTOR_MAX
