"""What the pages of reports say of goals, which they need not know of."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import template

from actions.labels import status_label
from actions.queries.goals import running_goals

register = template.Library()


@register.inclusion_tag("actions/goals/_running.html")
def goals_running(day: dt.date) -> dict[str, Any]:
    """Those of all customers together that the day lies in, with what was last read of each."""
    return {"goals": [(goal, status, status_label(status)) for goal, status in running_goals(day)]}
