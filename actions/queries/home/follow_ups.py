"""Follow-ups that are due, new ones, and answers that nobody has decided on."""

from __future__ import annotations

from functools import partial

from django.db.models import Count, Q, QuerySet

from accounts.queries.customers.listing import latest_month, page_rows
from actions.domain.follow_ups.states import State
from actions.domain.home import LineKind
from actions.domain.rules.triggers import Trigger
from actions.models import FollowUp
from actions.models.follow_ups import overdue
from actions.queries.follow_ups.balance import undecided
from actions.queries.follow_ups.listing import rows_of
from actions.queries.home.found import Found, Line, Scope
from surveys.models import Response
from surveys.queries.answers.responses import responses_of_all
from surveys.queries.calendar.days import midnight

KINDS = (LineKind.OVERDUE, LineKind.TODAY, LineKind.NEW)


def open_follow_ups(scope: Scope) -> QuerySet[FollowUp]:
    """One's own, and those of nobody."""
    found = FollowUp.objects.exclude(state=State.CLOSED)
    if not scope.is_mine:
        return found
    return found.filter(Q(owner=scope.reader) | Q(owner__isnull=True))


def due_follow_ups(scope: Scope) -> dict[LineKind, Found]:
    found = open_follow_ups(scope)
    conditions = {kind: _condition(kind, scope) for kind in KINDS}
    totals = found.aggregate(
        **{kind: Count("pk", filter=condition) for kind, condition in conditions.items()}
    )
    return {
        kind: Found(totals[kind], partial(_lines, kind, found.filter(condition), scope))
        for kind, condition in conditions.items()
    }


def _condition(kind: LineKind, scope: Scope) -> Q:
    """What waits is left alone until it is due."""
    tomorrow = midnight(scope.today, days=1)
    return {
        LineKind.OVERDUE: overdue(at=scope.now),
        LineKind.TODAY: Q(due_at__gte=scope.now, due_at__lt=tomorrow) & ~Q(state=State.WAITING),
        LineKind.NEW: Q(due_at__gte=tomorrow, trigger=Trigger.SCORE, state=State.OPEN),
    }[kind]


def _lines(
    kind: LineKind, found: QuerySet[FollowUp], scope: Scope, first: int, last: int
) -> list[Line]:
    chosen = found.select_related("customer", "respondent", "owner").order_by("due_at", "pk")
    page = list(chosen[first:last])
    rows = {row.follow_up.pk: row for row in rows_of(page, now=scope.now)}
    return [
        Line(
            kind,
            str(each.pk),
            each,
            due=each.due_at,
            customer=rows[each.pk].customer,
            health=rows[each.pk].health,
            response=rows[each.pk].response,
        )
        for each in page
    ]


def undecided_answers(scope: Scope) -> Found:
    found = undecided()
    path = "invitation__respondent__customer"
    if scope.is_mine:
        found = found.filter(scope.accounts(path) | Q(**{f"{path}__isnull": True}))
    return Found(found.count(), partial(_undecided_lines, found))


def _undecided_lines(found: QuerySet[Response], first: int, last: int) -> list[Line]:
    ids = list(found.order_by("answered_at", "pk").values_list("pk", flat=True)[first:last])
    answers = responses_of_all().in_bulk(ids)
    of = {pk: answers[pk].invitation.respondent.customer_id for pk in ids}
    customers = {
        each.pk: each for each in page_rows([pk for pk in of.values() if pk], month=latest_month())
    }
    return [
        Line(
            LineKind.UNDECIDED,
            str(pk),
            answers[pk],
            customer=customers.get(of[pk] or 0),
            response=answers[pk],
        )
        for pk in ids
    ]
