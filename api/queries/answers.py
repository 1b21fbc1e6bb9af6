"""The answers of a project."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Max

from api.models import Ask, Member, Project
from api.models.people import AskQuerySet
from api.queries.rows import Span, with_id, within

ORDERS = {
    "asc": ("answered_at", "pk"),
    "desc": ("-answered_at", "-pk"),
    "asc:created_at": ("answered_at", "pk"),
    "desc:created_at": ("-answered_at", "-pk"),
    "asc:updated_at": ("changed_at", "pk"),
    "desc:updated_at": ("-changed_at", "-pk"),
}
WINDOW = dt.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Wanted:
    created: Span = (None, None)
    updated: Span = (None, None)
    # Those of nobody, where they are named and not known.
    members: Sequence[Member] | None = None
    order: str = "asc"


def answer_by_id(project: Project, shown: str) -> Ask | None:
    return with_id(_whole(project), shown)


def answers(project: Project, wanted: Wanted) -> AskQuerySet:
    rows = _whole(project)
    rows = within(rows, "answered_at", wanted.created)
    rows = within(rows, "changed_at", wanted.updated)
    if wanted.members is not None:
        rows = rows.filter(member__in=wanted.members)
    return rows.order_by(*ORDERS.get(wanted.order, ORDERS["asc"]))


def counts_by_score(project: Project, created: Span) -> dict[int, int]:
    """Without a span: of the last thirty days that have answers, back from the newest."""
    rows = Ask.objects.of(project).answered().order_by()
    if created == (None, None):
        newest = rows.aggregate(at=Max("invitation__response__answered_at"))["at"]
        created = (newest - WINDOW if newest else None, None)
    scores = within(rows, "answered_at", created).values_list("invitation__response__score")
    return dict(scores.annotate(number=Count("pk")))


def _whole(project: Project) -> AskQuerySet:
    return Ask.objects.of(project).answered().select_related("member", "invitation__response")
