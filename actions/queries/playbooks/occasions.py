"""For which customers a playbook would start at a moment, and for what."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import OuterRef, Subquery

from accounts.models import Customer, Measure, Reading
from actions.domain.playbooks.starting import (
    BY_ANSWER,
    NEWS_DAYS,
    WEEKS,
    Start,
    Started,
    StartedBy,
    would_start,
)
from actions.domain.playbooks.usage import WINDOW_DAYS, is_quiet, quiet_since
from actions.domain.rules.occasions import crossed_on
from actions.domain.rules.triggers import Rule, Said, Trigger, fires
from actions.queries.playbooks.touch import cells_of, sizes_on, touch_table
from actions.queries.rules.facts import Occasions, nights_until, occasions
from actions.queries.rules.in_force import rules
from analytics.models import HealthScore
from analytics.queries.database.clock import day_of
from analytics.queries.facts.readings import reading_sums
from analytics.queries.health.standing import last_scored_day, standings
from surveys.domain.reasons import InvitationReason
from surveys.models import Response

ONE_DAY = dt.timedelta(days=1)
NEWS = dt.timedelta(days=NEWS_DAYS)
# Usage that nobody has told of for longer is not quiet but unknown.
ALIVE = dt.timedelta(days=14)


def occasions_at(start: Start, at: dt.datetime) -> Occasions:
    """Of customers that are active on the day, and of one of the sizes where they are chosen."""
    day = day_of(at)
    if start.by in BY_ANSWER:
        found = _answered(start, at)
    elif start.by is StartedBy.USAGE:
        found = _quiet(start, day)
    elif start.by is StartedBy.TOUCH:
        found = _entered(start, day)
    else:
        found = occasions(_rule(start), on=day)
    active = Customer.objects.active_on(day).filter(pk__in=found)
    ids = list(active.values_list("pk", flat=True))
    if start.sizes:
        table = touch_table()
        sizes = sizes_on(table, ids, on=day) if table else {}
        ids = [pk for pk in ids if sizes.get(pk) in start.sizes]
    return {pk: found[pk] for pk in ids}


def _rule(start: Start) -> Rule:
    """Who is a key person is said once, by the rule of follow-ups, in use or not."""
    trigger = Trigger(start.by.value)
    key = rules()[trigger].key if trigger is Trigger.SILENCE else ""
    return Rule(trigger, level=start.level, due_hours=1, key=key)


def _answered(start: Start, at: dt.datetime) -> Occasions:
    """The last answer of each customer that was given to us lately and fires."""
    rule = _rule(start)
    earlier = Response.objects.counted().filter(
        invitation__person=OuterRef("invitation__person"),
        answered_at__lt=OuterRef("answered_at"),
    )
    before = Subquery(earlier.order_by("-answered_at", "-pk").values("score")[:1])
    rows: Any = (
        Response.objects.counted()
        .filter(answered_at__gt=at - NEWS, answered_at__lte=at)
        .exclude(invitation__reason=InvitationReason.IMPORTED)
        .exclude(invitation__respondent__customer=None)
        .annotate(before=before)
        .order_by("answered_at", "pk")
        .values_list("pk", "score", "comment", "before", "invitation__respondent__customer")
    )
    return {
        customer: str(pk)
        for pk, score, comment, earlier_score, customer in rows
        if fires(rule, Said(score, has_comment=bool(comment), before=earlier_score))
    }


def _quiet(start: Start, day: dt.date) -> Occasions:
    """On the last day that the source told of; what is late to come is not quiet."""
    told = Measure.objects.filter(key=start.measure).values_list("last_day", flat=True).first()
    if told is None or told < day - ALIVE:
        return {}
    last = min(day, told)
    now = reading_sums(start.measure, until=last, days=WINDOW_DAYS)
    before = reading_sums(start.measure, until=last - WINDOW_DAYS * ONE_DAY, days=WINDOW_DAYS)
    use: dict[Any, float] = now.to_dict()
    quiet = [
        pk
        for pk, amount in use.items()
        if is_quiet(before.get(pk, 0.0), amount, percent=start.level)
    ]
    since = {
        pk: quiet_since(readings, on=last, percent=start.level)
        for pk, readings in _readings(start.measure, quiet, until=last).items()
    }
    return {pk: each.isoformat() for pk, each in since.items() if each is not None}


def _readings(
    measure: str, customers: list[int], *, until: dt.date
) -> dict[int, dict[dt.date, float]]:
    """By day, as far back as the first day that is asked about sums up."""
    days = [until - back * ONE_DAY for back in range(3 * WINDOW_DAYS + 1)]
    rows = Reading.objects.filter(measure__key=measure, day__in=days, customer__in=customers)
    found: dict[int, dict[dt.date, float]] = {pk: {} for pk in customers}
    for pk, day, value in rows.values_list("customer_id", "day", "value"):
        found[pk][day] = float(value)
    return found


def _entered(start: Start, day: dt.date) -> Occasions:
    """Who came into one of the cells and was in none of them the night before."""
    table, last = touch_table(), last_scored_day(until=day)
    if table is None or last is None:
        return {}
    ids = list(HealthScore.objects.filter(day=last).values_list("customer_id", flat=True))
    nights: dict[int, list[tuple[dt.date, bool]]] = {}
    for night in nights_until(last):
        health = standings(ids, day=night, today=night)
        for pk, cell in cells_of(table, health, on=night).items():
            nights.setdefault(pk, []).append((night, cell in start.cells))
    crossed = {pk: crossed_on(each) for pk, each in nights.items()}
    return {pk: each.isoformat() for pk, each in crossed.items() if each is not None}


def starts_of_year(start: Start, *, now: dt.datetime) -> list[Started]:
    """As if it had been switched on a year ago and judged once a week since."""
    first, *weeks = (now - dt.timedelta(weeks=back) for back in range(WEEKS, -1, -1))
    judged = ((at, occasions_at(start, at)) for at in weeks)
    return would_start(judged, past=occasions_at(start, first), every_days=start.every_days)
