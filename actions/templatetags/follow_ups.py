"""What the pages of answers say of follow-ups, which they need not know of."""

from __future__ import annotations

from typing import Any

from django import template

from actions.models import AnswerCase
from actions.queries.rules.in_force import answer_rules
from surveys.models import Response

register = template.Library()


@register.simple_tag
def rules_in_use() -> int:
    return sum(rule.is_active for rule in answer_rules())


@register.inclusion_tag("actions/follow_ups/_next_step.html", takes_context=True)
def next_step(context: Any, response: Response) -> dict[str, Any]:
    """What was decided about an answer, and what can be."""
    rows = AnswerCase.objects.select_related("follow_up__owner", "decided_by")
    return {
        "case": rows.filter(response=response).first(),
        "response": response,
        "csrf_token": context.get("csrf_token"),
    }
