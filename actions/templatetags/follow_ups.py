"""What the pages of answers say of follow-ups, which they need not know of."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone

from actions.domain.follow_ups.access import may_work
from actions.domain.follow_ups.due import is_overdue
from actions.domain.follow_ups.states import State
from actions.models import AnswerCase
from actions.queries.rules.in_force import answer_rules
from surveys.models import Response

register = template.Library()


@register.simple_tag
def rules_in_use() -> int:
    return sum(rule.is_active for rule in answer_rules())


@register.inclusion_tag("actions/follow_ups/_next_step.html", takes_context=True)
def next_step(context: Any, response: Response) -> dict[str, Any]:
    """What was decided about an answer, and what this reader can do next."""
    from actions.forms.follow_ups.acts import DismissForm

    rows = AnswerCase.objects.select_related("follow_up__owner", "decided_by")
    case = rows.filter(response=response).first()
    shown = {"case": case, "response": response, "csrf_token": context.get("csrf_token")}
    if case is None:
        return shown
    found, reader = case.follow_up, context["user"]
    if found is None:
        return shown | {
            "may_dismiss": not case.dismissed,
            "dismiss": DismissForm(initial={"seen": 0}, auto_id="dismiss_%s"),
        }
    is_open, is_owner = found.state != State.CLOSED, found.owner_id == reader.pk
    return shown | {
        "is_open": is_open,
        "overdue": is_overdue(found.state, found.due_at, now=timezone.now()),
        "may_take": is_open and not is_owner,
        "may_dismiss": is_open and may_work(reader.role, is_owner=is_owner),
        "dismiss": DismissForm(initial={"seen": found.version}, auto_id="dismiss_%s"),
    }
