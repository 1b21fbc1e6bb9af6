"""The lists of follow-ups, and what stands beside each of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from accounts.models import StaffUser
from accounts.queries.customers.listing import latest_month, page_rows
from actions.domain.follow_ups.groups import Group, group_of
from actions.domain.follow_ups.states import State
from actions.models import AnswerCase, FollowUp
from actions.models.follow_ups import NOT_CLOSED, overdue
from analytics.queries.health.standing import Standing, last_scored_day, standings
from surveys.models import Response
from surveys.queries.calendar.days import day_of


class View(StrEnum):
    MINE = "mine"
    UNASSIGNED = "unassigned"
    OVERDUE = "overdue"
    WAITING = "waiting"
    ALL = "all"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Wanted:
    view: View
    text: str = ""
    owner: int | None = None
    trigger: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    follow_up: FollowUp
    group: Group
    # With its MRR and currency, None where the follow-up is about nobody's customer.
    customer: Any
    health: Standing | None
    # The newest answer that is followed up here.
    response: Response | None


def _condition(view: View, *, reader: StaffUser, now: dt.datetime) -> Q:
    return {
        View.MINE: NOT_CLOSED & Q(owner=reader),
        View.UNASSIGNED: NOT_CLOSED & Q(owner__isnull=True),
        View.OVERDUE: overdue(at=now),
        View.WAITING: Q(state=State.WAITING),
        View.ALL: NOT_CLOSED,
        View.DONE: Q(state=State.CLOSED),
    }[view]


def counts(*, reader: StaffUser, now: dt.datetime) -> dict[View, int]:
    """How many are open in each list; of what is closed nobody needs the number."""
    shown = [view for view in View if view is not View.DONE]
    figures = FollowUp.objects.exclude(state=State.CLOSED).aggregate(
        **{view: Count("pk", filter=_condition(view, reader=reader, now=now)) for view in shown}
    )
    return {view: figures[view] for view in shown}


def follow_ups(wanted: Wanted, *, reader: StaffUser, now: dt.datetime) -> QuerySet[FollowUp]:
    """What is due first comes first, of those closed the latest."""
    found = FollowUp.objects.filter(_condition(wanted.view, reader=reader, now=now))
    if wanted.owner:
        found = found.filter(owner=wanted.owner)
    if wanted.trigger:
        found = found.filter(trigger=wanted.trigger)
    if wanted.text:
        named = Q(customer__name__icontains=wanted.text) | Q(
            respondent__name__icontains=wanted.text
        )
        found = found.filter(named | Q(customer__customer_id__icontains=wanted.text))
    order = ["-closed_at", "-pk"] if wanted.view is View.DONE else ["due_at", "pk"]
    return found.select_related("customer", "respondent", "owner").order_by(*order)


def rows_of(found: Sequence[FollowUp], *, now: dt.datetime) -> list[Row]:
    """A constant number of queries, however many there are. What waits stands after what is due."""
    zone, today = ZoneInfo(settings.TIME_ZONE), day_of(now)
    ids = [each.customer_id for each in found if each.customer_id is not None]
    customers = {each.pk: each for each in page_rows(ids, month=latest_month())}
    health = standings(ids, day=last_scored_day(until=today), today=today)
    responses = newest_responses(found)
    rows = [
        Row(
            each,
            group_of(each.state, each.due_at, now=now, zone=zone),
            customers.get(each.customer_id or 0),
            health.get(each.customer_id or 0),
            responses.get(each.pk),
        )
        for each in found
    ]
    places = list(Group)
    return sorted(rows, key=lambda row: places.index(row.group))


def newest_responses(found: Sequence[FollowUp]) -> dict[int, Response]:
    cases = AnswerCase.objects.filter(follow_up__in=[each.pk for each in found])
    answers = Response.objects.with_category().filter(case__in=cases).order_by("answered_at", "pk")
    newest = {each.case.follow_up_id: each for each in answers.select_related("case")}
    return {pk: response for pk, response in newest.items() if pk is not None}
