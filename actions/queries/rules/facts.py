"""Of which customers something is true on a day that a rule opens a follow-up for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Exists, OuterRef

from accounts.domain.facts.events import EventKind
from accounts.domain.money import Paid
from accounts.models import Customer, CustomerTerms, Event, MonthlyRevenue
from accounts.queries.money.currency import conversion
from accounts.queries.money.revenue import billed
from actions.domain.rules.occasions import (
    CROSSED_WITHIN,
    LATE_FOR,
    contracted,
    crossed_on,
    onboarding_late,
    renews_soon,
)
from actions.domain.rules.triggers import Rule, Trigger
from actions.queries.rules.key_persons import key_persons
from analytics.models import HealthScore
from analytics.queries.database.clock import day_of
from analytics.queries.health.standing import BEST, WORST, at_risk, last_scored_day, standings
from surveys.domain.reasons import InvitationReason
from surveys.models import Invitation, Response
from surveys.queries.calendar.days import midnight

# By customer what it is about, so that the same is not said twice.
Occasions = dict[int, str]
ONE_DAY = dt.timedelta(days=1)
NO_AMOUNT = (None, "")


def occasions(rule: Rule, *, on: dt.date) -> Occasions:
    found = _FIND[rule.trigger](rule, on)
    active = Customer.objects.active_on(on).filter(pk__in=found).values_list("pk", flat=True)
    return {pk: found[pk] for pk in active}


def _renewals(rule: Rule, on: dt.date) -> Occasions:
    """Where health is known and is not good; what is not known is not said to be bad."""
    rows = CustomerTerms.objects.filter(known_from__lte=on).order_by("customer", "known_from")
    # The last one of each customer is what was known.
    terms = dict(rows.values_list("customer_id", "renews_on"))
    near = {
        pk: day for pk, day in terms.items() if day and renews_soon(day, on=on, within=rule.level)
    }
    health = standings(near, day=last_scored_day(until=on), today=on)
    return {
        pk: day.isoformat()
        for pk, day in near.items()
        if pk in health and health[pk].band and health[pk].rank != BEST
    }


def _contractions(rule: Rule, on: dt.date) -> Occasions:
    """Of the last month whose end has passed."""
    month = (on.replace(day=1) - ONE_DAY).replace(day=1)
    before = (month - ONE_DAY).replace(day=1)
    customers = MonthlyRevenue.objects.filter(month=month).values_list("customer_id", flat=True)
    ids = set(customers)
    paid, rates = billed(ids, months=[before, month]), conversion()

    def fell(pk: int) -> bool:
        """What is not known has not fallen; nor has who is billed in another currency since."""
        known = [Paid(*paid.get((pk, each), NO_AMOUNT), each) for each in (before, month)]
        pair = rates.pair(*known)
        return pair is not None and contracted(*map(float, pair), percent=rule.level)

    return dict.fromkeys(filter(fell, ids), f"{month:%Y-%m}")


def _bands(rule: Rule, on: dt.date) -> Occasions:
    last = last_scored_day(until=on)
    if last is None:
        return {}
    # Whoever is known to be above the worst band on the last night has not come into it.
    unknown = HealthScore.objects.filter(day=last, band="").values_list("customer_id", flat=True)
    ids = {*at_risk(day=last, today=last), *unknown}
    nights: dict[int, list[tuple[dt.date, bool]]] = {}
    for day in nights_until(last):
        for pk, found in standings(ids, day=day, today=day).items():
            if found.band:
                nights.setdefault(pk, []).append((day, found.rank == WORST))
    crossed = {pk: crossed_on(each) for pk, each in nights.items()}
    return {pk: day.isoformat() for pk, day in crossed.items() if day is not None}


def nights_until(last: dt.date) -> list[dt.date]:
    """Those in which what was come into is news, after the one before them, however long ago."""
    first = last - CROSSED_WITHIN * ONE_DAY
    before = last_scored_day(until=first)
    rows = HealthScore.objects.filter(day__gt=first, day__lte=last)
    days = sorted(rows.values_list("day", flat=True).order_by("day").distinct())
    return days if before is None else [before, *days]


def _late(rule: Rule, on: dt.date) -> Occasions:
    """While no file has ever said who completed onboarding, nobody is late."""
    completed = Event.objects.filter(kind=EventKind.ONBOARDING_COMPLETED)
    if not completed.exists():
        return {}
    since = on - dt.timedelta(days=rule.level + LATE_FOR)
    started = Customer.objects.filter(started_on__gte=since, started_on__lt=on)
    done = completed.filter(at__lt=midnight(on, days=1)).values("customer")
    rows = started.exclude(pk__in=done).values_list("pk", "started_on")
    return {
        pk: day.isoformat()
        for pk, day in rows
        if day and onboarding_late(day, on=on, after=rule.level)
    }


def _silent(rule: Rule, on: dt.date) -> Occasions:
    """Where a key person was asked so many days ago and has not answered since."""
    respondents, last = key_persons(rule.key), on - dt.timedelta(days=rule.level)
    answers = Response.objects.counted().filter(
        invitation__respondent=OuterRef("respondent"),
        answered_at__gte=OuterRef("sent_at"),
        answered_at__lt=midnight(on, days=1),
    )
    asked = Invitation.objects.filter(
        ~Exists(answers),
        sent_at__gte=midnight(last, days=-LATE_FOR),
        sent_at__lt=midnight(last, days=1),
        respondent__customer__isnull=False,
    ).exclude(reason=InvitationReason.IMPORTED)
    rows: Any = asked.order_by("sent_at", "pk").values_list(
        "respondent_id", "respondent__customer", "sent_at"
    )
    return {
        customer: day_of(sent_at).isoformat()
        for respondent, customer, sent_at in rows
        if respondent in respondents
    }


_FIND: dict[Trigger, Callable[[Rule, dt.date], Occasions]] = {
    Trigger.RENEWAL: _renewals,
    Trigger.CONTRACTION: _contractions,
    Trigger.BAND: _bands,
    Trigger.ONBOARDING: _late,
    Trigger.SILENCE: _silent,
}


def occasions_of_year(rule: Rule, *, today: dt.date) -> int:
    """How many there were in 52 weeks, looked for on each first day of a week."""
    days: Iterable[dt.date] = (today - dt.timedelta(weeks=week) for week in range(52))
    return len({pair for day in days for pair in occasions(rule, on=day).items()})
