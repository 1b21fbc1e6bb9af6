"""What an improvement answers to."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count

from actions.models import FollowUp, Improvement
from actions.queries.follow_ups.causes import cause_names


@dataclass(frozen=True, slots=True)
class Origins:
    # By name; how many follow-ups were ever closed with each.
    causes: dict[str, int]
    # The latest first.
    follow_ups: list[FollowUp]


def origins_of(row: Improvement) -> Origins:
    closed = FollowUp.objects.filter(root_cause__in=row.causes).order_by()
    counts = dict(closed.values_list("root_cause").annotate(Count("pk")))
    causes = {name: counts.get(key, 0) for key, name in cause_names(row.causes).items()}
    rows = row.follow_ups.select_related("customer", "respondent").order_by("-opened_at", "-pk")
    return Origins(causes, list(rows))
