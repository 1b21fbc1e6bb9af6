"""What a monitoring system is told of e-mails, answers and what works in the background."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator

from django.core.cache import cache
from django.db.models import Count
from prometheus_client.metrics_core import Metric

from common.caching.tallies import flush
from common.monitoring.prometheus import age, counter, gauge, gauges, histogram
from common.resilience.heartbeat import Sign, last_signs
from common.resilience.queues import waiting_tasks
from config.celery import QUEUES
from surveys.domain.mail.obstacles import ObstacleKind
from surveys.domain.states import InvitationState
from surveys.models import DeliveryEvent, Invitation
from surveys.queries.calendar.clock import offset
from surveys.queries.obstacles import SendingStatus, sending_status
from surveys.queries.tallies import ANSWERS, CAP_REFUSALS, MAILS, PAGE_SECONDS

# Of millions of rows they are counted for several scrapes.
COUNTED_FOR = 30


def families(*, now: dt.datetime) -> Iterator[Metric]:
    flush()
    status = sending_status(now=now)
    yield from _mails()
    yield from _waiting(status, now)
    yield from _obstacles(status)
    yield from _background(now)
    yield counter(ANSWERS, "Answers taken, by how they were given.", "evidence")
    yield histogram(PAGE_SECONDS, "How long the page of a survey takes.", "method")
    ahead = "Seconds that this machine's clock is ahead of the database's; 60 stop its work."
    yield gauge("clock_ahead_seconds", ahead, offset().total_seconds())


def _mails() -> Iterator[Metric]:
    counted = cache.get_or_set("metrics:invitations", _invitations, COUNTED_FOR) or {}
    states = {state.value: counted.get(state.value, 0) for state in InvitationState}
    yield gauges("invitations", "Invitations by state.", "state", states)
    yield counter(MAILS, "E-mails tried, by what became of the try.", "outcome")
    yield counter(CAP_REFUSALS, "People whom the cap kept from a survey.", "at")
    unapplied = DeliveryEvent.objects.filter(applied_at__isnull=True).count()
    yield gauge("unapplied_delivery_events", "Provider events to be applied.", unapplied)


def _invitations() -> dict[str, int]:
    rows = Invitation.objects.order_by().values_list("state")
    return dict(rows.annotate(number=Count("pk")))


def _waiting(status: SendingStatus, now: dt.datetime) -> Iterator[Metric]:
    since = age(status.facts.waiting_since, now=now) or 0
    yield gauge("due_invitations", "E-mails that should have left by now.", status.facts.waiting)
    yield gauge("oldest_due_seconds", "How long the first of them waits.", since)


def _obstacles(status: SendingStatus) -> Iterator[Metric]:
    kinds = Counter(each.kind.value for each in status.obstacles)
    found = {kind.value: kinds[kind.value] for kind in ObstacleKind}
    yield gauges("sending_obstacles", "What keeps e-mails back now.", "kind", found)
    domains = kinds[ObstacleKind.DOMAIN.value]
    yield gauge("open_domain_breakers", "Domains of recipients that get no e-mails now.", domains)
    yield gauge("database_writable", "1: it takes changes.", int(status.facts.is_writable))
    pending = status.facts.pending_migrations
    yield gauge("pending_migrations", "Migrations to be run.", pending)


def _background(now: dt.datetime) -> Iterator[Metric]:
    signs = last_signs(QUEUES)

    def ages(sign: Sign) -> dict[str, float | None]:
        return {queue: age(signs.get((sign, queue)), now=now) for queue in QUEUES}

    beat = age(signs.get((Sign.BEAT, "")), now=now)
    yield gauge("beat_age_seconds", "Since beat last published a tick.", beat)
    workers = "Since a worker of the queue was last seen."
    yield gauges("worker_age_seconds", workers, "queue", ages(Sign.WORKER))
    late = "Since a task of the queue last began: each has a tick a minute."
    yield gauges("queue_age_seconds", late, "queue", ages(Sign.TASK))
    yield gauges("queue_tasks", "Tasks that wait.", "queue", dict(waiting_tasks(QUEUES)))
