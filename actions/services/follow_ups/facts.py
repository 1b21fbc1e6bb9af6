"""Opens follow-ups for what became true of customers; each occasion once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from accounts.models import Customer, StaffUser
from actions.domain.follow_ups.states import State
from actions.domain.rules.triggers import Rule, Trigger
from actions.models import FollowUp
from actions.queries.follow_ups.staff import owner_among, workers
from actions.queries.rules.facts import occasions
from actions.queries.rules.in_force import fact_rules
from actions.services.follow_ups.opening import Subject, open_or_join
from analytics.models import HealthScore
from analytics.queries.database.clock import day_of
from analytics.queries.health.standing import worst_borders


def follow_up_facts(*, now: dt.datetime, today: dt.date) -> int:
    """How many were opened."""
    rules = fact_rules()
    staff = workers() if rules else []
    return sum(_follow_up(rule, staff, now=now, today=today) for rule in rules)


def _follow_up(rule: Rule, staff: list[StaffUser], *, now: dt.datetime, today: dt.date) -> int:
    found = occasions(rule, on=today)
    same = FollowUp.objects.filter(customer__in=found, trigger=rule.trigger)
    known = set(same.values_list("customer_id", "occasion"))
    busy = set(same.exclude(state=State.CLOSED).values_list("customer_id", flat=True))
    new = {
        pk: occasion
        for pk, occasion in found.items()
        if pk not in busy and (pk, occasion) not in known
    }
    if rule.trigger is Trigger.BAND:
        borders = worst_borders()
        new = {pk: new[pk] for pk in new if _has_recovered(pk, rule, borders)}
    for customer in Customer.objects.filter(pk__in=new).order_by("pk"):
        with transaction.atomic():
            open_or_join(
                Subject(customer.pk, None),
                rule,
                owner=owner_among(staff, account=customer.owner_email, campaign=None),
                now=now,
                occasion=new[customer.pk],
            )
    return len(new)


def _has_recovered(customer: int, rule: Rule, borders: Mapping[int, float]) -> bool:
    """Since the last one for its band the score was so many points above it; or there was none."""
    last = (
        FollowUp.objects.filter(customer=customer, trigger=Trigger.BAND)
        .order_by("-opened_at")
        .first()
    )
    if last is None:
        return True
    since = HealthScore.objects.filter(customer=customer, day__gte=day_of(last.opened_at))
    return any(
        score is not None and score >= borders.get(formula, 0) + rule.level
        for formula, score in since.values_list("formula_id", "score")
    )
