"""What stands in the way of e-mails now, as pages, metrics and health checks tell it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min, Q

from common.resilience.database import is_writable, pending_migrations
from common.resilience.heartbeat import Sign, is_kept, last_signs
from config.celery import QUEUES
from surveys.domain.mail.obstacles import Breaker, Facts, Obstacle, obstacles, stops_all
from surveys.domain.states import CLAIMABLE, CampaignState
from surveys.models import DomainHealth, Invitation


@dataclass(frozen=True, slots=True)
class SendingStatus:
    facts: Facts
    obstacles: list[Obstacle]

    @property
    def stops(self) -> bool:
        return any(map(stops_all, self.obstacles))


def sending_status(*, now: dt.datetime) -> SendingStatus:
    facts = facts_of_sending(now=now)
    return SendingStatus(facts, obstacles(facts))


def facts_of_sending(*, now: dt.datetime) -> Facts:
    breakers = open_breakers()
    number, since = waiting_mails(now=now, breakers=breakers)
    signs = last_signs(QUEUES)
    return Facts(
        now=now,
        waiting=number,
        waiting_since=since,
        is_writable=is_writable(),
        pending_migrations=pending_migrations(),
        broker_works=is_kept(),
        beat=signs.get((Sign.BEAT, "")),
        workers={queue: signs.get((Sign.WORKER, queue)) for queue in QUEUES},
        breakers=breakers,
    )


def open_breakers() -> list[Breaker]:
    rows = DomainHealth.objects.filter(open_until__isnull=False).order_by("domain")
    return [
        Breaker(domain, until, since)
        for domain, until, since in rows.values_list("domain", "open_until", "failing_since")
        if until is not None
    ]


def waiting_mails(*, now: dt.datetime, breakers: list[Breaker]) -> tuple[int, dt.datetime | None]:
    """How many should have left by now, surveys and reminders, and since when the first of them.

    What our mail server did not take is put off until it is tried again: it counts as waiting.
    """
    ours = next((each for each in breakers if not each.domain), None)
    until = max(now, ours.open_until) if ours else now
    surveys = _waiting("", until)
    reminders = _waiting("reminder_", until)
    number = surveys["number"] + reminders["number"]
    moments = [surveys["first"], reminders["first"], ours.since if ours and number else None]
    return number, min((each for each in moments if each is not None), default=None)


def _waiting(prefix: str, until: dt.datetime) -> dict[str, Any]:
    waits = Q(**{f"{prefix}state__in": CLAIMABLE, f"{prefix}send_at__lte": until})
    found = Invitation.objects.filter(waits, campaign__state=CampaignState.RUNNING)
    return found.aggregate(number=Count("pk"), first=Min(f"{prefix}send_at"))
