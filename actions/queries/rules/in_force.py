"""The rules in force: Koe's own, as far as no admin has changed them."""

from __future__ import annotations

from actions.domain.rules.triggers import BY_ANSWER, BY_FACTS, DEFAULTS, Rule, Trigger
from actions.models import FollowUpRule, HoldOut


def rules() -> dict[Trigger, Rule]:
    stored = {Trigger(row.trigger): rule_of(row) for row in FollowUpRule.objects.all()}
    return {trigger: stored.get(trigger, rule) for trigger, rule in DEFAULTS.items()}


def answer_rules() -> list[Rule]:
    """In the order in which they are tried."""
    known = rules()
    return [known[trigger] for trigger in BY_ANSWER]


def fact_rules() -> list[Rule]:
    """Those in use."""
    known = rules()
    return [known[trigger] for trigger in BY_FACTS if known[trigger].is_active]


def held_out_percent() -> int:
    return HoldOut.objects.values_list("percent", flat=True).first() or 0


def rule_of(row: FollowUpRule) -> Rule:
    return Rule(
        Trigger(row.trigger),
        level=row.level,
        due_hours=row.due_hours,
        is_active=row.is_active,
        only_with_comment=row.only_with_comment,
        key=row.key,
    )
