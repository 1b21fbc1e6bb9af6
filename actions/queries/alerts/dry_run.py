"""How often a rule for alerts would have told somebody in the last year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from accounts.models import Customer, SegmentProfile
from accounts.queries.money.revenue import mrr_known_on
from actions.domain.alerts.rules import Account, AlertOn, concerns, is_key
from surveys.domain.reasons import InvitationReason
from surveys.models import Response

LOOKED_BACK = dt.timedelta(days=365)


def try_alert(wanted: AlertOn, *, now: dt.datetime) -> int:
    """Of how many answers. What was imported was never news."""
    return sum(is_key(wanted, each) for each in _concerned(wanted, since=now - LOOKED_BACK))


def _concerned(wanted: AlertOn, *, since: dt.datetime) -> Iterator[Account]:
    """Whose each answer was, with MRR as it was known when it came."""
    zone = ZoneInfo(settings.TIME_ZONE)
    profiles = dict(SegmentProfile.objects.values_list("pk", "values")) if wanted.dimension else {}
    mrr = _mrr_by_month()
    rows: Any = (
        Response.objects.counted()
        .filter(answered_at__gte=since)
        .exclude(invitation__reason=InvitationReason.IMPORTED)
        .order_by()
        .values_list(
            "score", "comment", "answered_at", "invitation__profile",
            "invitation__respondent__customer",
        )
    )  # fmt: skip
    for score, comment, at, profile, customer in rows.iterator(chunk_size=5000):
        if not concerns(wanted, score=score, has_comment=bool(comment.strip())):
            continue
        paid = None
        if wanted.mrr_at_least is not None:
            paid = mrr(at.astimezone(zone).date().replace(day=1)).get(customer)
        yield Account(profiles.get(profile) or {}, None if paid is None else Decimal(paid))


def _mrr_by_month() -> Callable[[dt.date], dict[int | None, str]]:
    everybody = list(Customer.objects.values_list("pk", flat=True))
    return cache(lambda month: mrr_known_on(everybody, day=month))
