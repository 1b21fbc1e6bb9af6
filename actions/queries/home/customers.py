"""Renewals that are near while health is not good, and onboarding that is late."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import partial

from accounts.models import Customer
from accounts.queries.customers.listing import RENEWAL_AHEAD, latest_month, page_rows
from actions.domain.follow_ups.states import State
from actions.domain.home import LineKind, renewal_level, weeks_between
from actions.domain.rules.triggers import Trigger
from actions.models import FollowUp
from actions.queries.home.found import Found, Line, Scope
from actions.queries.rules.facts import occasions
from actions.queries.rules.in_force import rules
from analytics.queries.health.standing import BEST, WORST, Standing, last_scored_day, standings
from surveys.queries.calendar.days import midnight

Days = Sequence[tuple[int, dt.date]]


def renewals(scope: Scope) -> Found:
    """Where health is known and is not good; what is not known is not said to be bad."""
    rows = (
        Customer.objects.active_on(scope.today)
        .filter(scope.accounts("pk"))
        .filter(renews_on__gte=scope.today, renews_on__lte=scope.today + RENEWAL_AHEAD)
        .exclude(pk__in=_shown_above(Trigger.RENEWAL, scope))
        .order_by("renews_on", "pk")
        .values_list("pk", "renews_on")
    )
    near = [(pk, day) for pk, day in rows if day]
    ids = [pk for pk, _ in near]
    health = standings(ids, day=last_scored_day(until=scope.today), today=scope.today)
    weak = [
        (pk, day)
        for pk, day in near
        if pk in health and health[pk].band and health[pk].rank != BEST
    ]
    return Found(len(weak), partial(_renewal_lines, weak, health, scope))


def _shown_above(trigger: Trigger, scope: Scope) -> list[int]:
    """Whose follow-up for it is due by today: there it stands with its date."""
    due = FollowUp.objects.exclude(state=State.CLOSED).filter(
        trigger=trigger, customer__isnull=False, due_at__lt=midnight(scope.today, days=1)
    )
    return [pk for pk in due.values_list("customer_id", flat=True) if pk]


def _renewal_lines(
    weak: Days, health: Mapping[int, Standing], scope: Scope, first: int, last: int
) -> list[Line]:
    part = weak[first:last]
    customers, at_it = _beside([pk for pk, _ in part], Trigger.RENEWAL)
    return [
        Line(
            LineKind.RENEWAL,
            f"{pk} {day}",
            customers[pk],
            level=renewal_level((day - scope.today).days, is_worst=health[pk].rank == WORST),
            due=day,
            customer=customers[pk],
            health=health[pk],
            follow_up=at_it.get(pk),
        )
        for pk, day in part
    ]


def late_onboarding(scope: Scope) -> Found:
    """By the days of the rule for follow-ups, whether it is in use or not."""
    rule = rules()[Trigger.ONBOARDING]
    late = occasions(rule, on=scope.today)
    chosen = Customer.objects.filter(scope.accounts("pk"), pk__in=late)
    mine = chosen.exclude(pk__in=_shown_above(Trigger.ONBOARDING, scope))
    started = {pk: dt.date.fromisoformat(late[pk]) for pk in mine.values_list("pk", flat=True)}
    due = sorted((day + dt.timedelta(days=rule.level), pk) for pk, day in started.items())
    rows = [(pk, day) for day, pk in due]
    return Found(len(rows), partial(_onboarding_lines, rows, scope))


def _onboarding_lines(rows: Days, scope: Scope, first: int, last: int) -> list[Line]:
    part = rows[first:last]
    customers, at_it = _beside([pk for pk, _ in part], Trigger.ONBOARDING)
    return [
        Line(
            LineKind.ONBOARDING,
            f"{pk} {day}",
            customers[pk],
            level=weeks_between(day, scope.today),
            due=day,
            customer=customers[pk],
            follow_up=at_it.get(pk),
        )
        for pk, day in part
    ]


def _beside(ids: Sequence[int], trigger: Trigger) -> tuple[dict[int, Customer], dict[int, int]]:
    """The customers with their MRR, and the open follow-ups for it."""
    customers = {each.pk: each for each in page_rows(ids, month=latest_month())}
    is_open = FollowUp.objects.exclude(state=State.CLOSED).filter(trigger=trigger)
    at_it = is_open.filter(customer__in=ids).values_list("customer_id", "pk")
    return customers, {customer: pk for customer, pk in at_it if customer}
