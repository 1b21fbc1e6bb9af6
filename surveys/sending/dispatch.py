"""Dispatching: what is due goes to the workers in batches, or is sent right here.

Telling a worker twice is harmless, because the claim decides; the lease only keeps every tick from
telling of the same rows again. It is shorter than two ticks, so what Redis forgot is told again.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections import Counter
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from config.celery import app
from surveys.domain.mail.breakers import TokenBucket, full_bucket
from surveys.domain.states import CLAIMABLE, CampaignState
from surveys.models import Attempt, DomainHealth, Invitation
from surveys.queries.calendar.clock import agreed_now
from surveys.sending.batch import Clock, send_batch
from surveys.sending.mails import domain_of
from surveys.services.campaigns.reschedule import reschedule_due

SEND = "surveys.tasks.send_batch"  # by name: tasks call services, not the other way round
# Of Redis: a campaign of many thousands does not hold up the e-mail about an unhappy customer.
AFTER_ALL_OTHERS = 9
logger = logging.getLogger(__name__)
LEASE = dt.timedelta(seconds=110)
BATCH = 200
# A tick hands out no more than the workers can send before it is told of again.
MOST_IN_FLIGHT = 20_000


class Enqueue(Protocol):
    def __call__(self, invitation_ids: list[int], kind: str, expires: float) -> None: ...


@dataclass(frozen=True, slots=True)
class _Due:
    kind: Attempt.Kind
    waiting: Q
    moment: str
    until: str


SURVEYS = _Due(Attempt.Kind.SURVEY, Q(state__in=CLAIMABLE), "send_at", "send_by")
REMINDERS = _Due(
    Attempt.Kind.REMINDER,
    Q(reminder_state__in=CLAIMABLE),
    "reminder_send_at",
    "reminder_send_by",
)


def dispatch_due(
    *,
    now: dt.datetime | None = None,
    foreground: bool,
    enqueue: Enqueue | None = None,
) -> Counter[str]:
    """One tick. In the foreground everything due is sent here, without a broker.

    `now`: the clock of a simulation. Without one it is the database's.
    """
    clock = None if now is None else partial(_same, now)
    now = agreed_now() if now is None else now
    total: Counter[str] = Counter()
    reschedule_due(now=now)
    for due in (SURVEYS, REMINDERS):
        if foreground:
            total += _send_here(due, now=now, clock=clock)
        else:
            total["dispatched"] += _tell_workers(due, now=now, enqueue=enqueue or enqueue_batch)
    return total


def enqueue_batch(invitation_ids: list[int], kind: str, expires: float) -> None:
    # An expired task is thrown away: after a stand-still the queue holds no repetitions.
    app.send_task(
        SEND, args=(invitation_ids, kind), expires=expires, retry=False, priority=AFTER_ALL_OTHERS
    )


def _same(now: dt.datetime) -> dt.datetime:
    return now


def _send_here(due: _Due, *, now: dt.datetime, clock: Clock | None) -> Counter[str]:
    total: Counter[str] = Counter()
    last = 0
    while True:
        rows = due_rows(due, now=now).filter(pk__gt=last).order_by("pk")[:BATCH]
        batch = list(rows.values_list("pk", "respondent__email"))
        if not batch:
            return total
        # By id and past each row once: what comes back as a retry waits for its own moment.
        last = batch[-1][0]
        ids = _within_pace(due, batch, now=now)
        total += send_batch(ids, clock=clock, kind=due.kind)


def _tell_workers(due: _Due, *, now: dt.datetime, enqueue: Enqueue) -> int:
    waiting = _leased(due, now=now)
    told = 0
    while waiting:
        batch = waiting[:BATCH]
        try:
            enqueue(batch, due.kind.value, LEASE.total_seconds())
        except Exception as error:  # the broker's many kinds of being away
            logger.warning("the broker takes no task (%s); the next tick tries again", error)
            Invitation.objects.filter(pk__in=waiting).update(dispatched_at=None)
            break
        told += len(batch)
        del waiting[:BATCH]
    return told


def due_rows(due: _Due, *, now: dt.datetime) -> QuerySet[Invitation]:
    in_hours = Q(**{f"{due.until}__isnull": True}) | Q(**{f"{due.until}__gt": now})
    return Invitation.objects.filter(
        due.waiting,
        in_hours,
        **{f"{due.moment}__lte": now},
        campaign__state=CampaignState.RUNNING,
        campaign__reschedule_from=None,
    )


def _leased(due: _Due, *, now: dt.datetime) -> list[int]:
    """What this tick tells of and no other does, in the order of its moments."""
    in_flight = due_rows(due, now=now).filter(dispatched_at__gt=now - LEASE).count()
    rows = (
        due_rows(due, now=now)
        .filter(_untold(now))
        .order_by(due.moment, "pk")
        .values_list("pk", "respondent__email")
    )
    found = list(rows[: max(MOST_IN_FLIGHT - in_flight, 0)])
    mine: set[int] = set()
    for start in range(0, len(found), BATCH):
        mine |= _lease(due, [pk for pk, _ in found[start : start + BATCH]], now=now)
    # Only then their domains' pace: what another tick is told of must not be put off by this one.
    return _within_pace(due, [row for row in found if row[0] in mine], now=now)


def _untold(now: dt.datetime) -> Q:
    # A time after `now` was written by a clock that has since been set back.
    return (
        Q(dispatched_at__isnull=True)
        | Q(dispatched_at__lte=now - LEASE)
        | Q(dispatched_at__gt=now + LEASE)
    )


def _lease(due: _Due, ids: list[int], *, now: dt.datetime) -> set[int]:
    with transaction.atomic():
        mine = Invitation.objects.filter(due.waiting, _untold(now), pk__in=ids).order_by("pk")
        leased = set(mine.select_for_update().values_list("pk", flat=True))
        Invitation.objects.filter(pk__in=leased).update(dispatched_at=now)
    return leased


def _within_pace(due: _Due, rows: list[tuple[int, str]], *, now: dt.datetime) -> list[int]:
    """Those whose domain still takes mail in this minute; the others come when it will."""
    per_minute = settings.MAILS_PER_DOMAIN_PER_MINUTE
    if not per_minute:
        return [pk for pk, _ in rows]
    by_domain: dict[str, list[int]] = {}
    for pk, email in rows:
        by_domain.setdefault(domain_of(email), []).append(pk)
    within: list[int] = []
    for domain, ids in sorted(by_domain.items()):
        granted = _take_tokens(domain, len(ids), per_minute=per_minute, now=now)
        within += ids[:granted]
        _spread(due, ids[granted:], per_minute=per_minute, now=now)
    return within


def _take_tokens(domain: str, wanted: int, *, per_minute: int, now: dt.datetime) -> int:
    DomainHealth.objects.get_or_create(domain=domain)
    with transaction.atomic():
        row = DomainHealth.objects.select_for_update().get(domain=domain)
        bucket = full_bucket(per_second=per_minute / 60, capacity=per_minute, now=now)
        if row.tokens is not None and row.tokens_at is not None:
            bucket = TokenBucket(per_minute / 60, per_minute, row.tokens, row.tokens_at)
        granted = 0
        while granted < wanted:
            bucket, wait = bucket.take(now=now)
            if wait:
                break
            granted += 1
        row.tokens, row.tokens_at = bucket.tokens, bucket.updated_at
        row.save(update_fields=["tokens", "tokens_at"])
    return granted


def _spread(due: _Due, ids: list[int], *, per_minute: int, now: dt.datetime) -> None:
    """Over the minutes to come, so that one domain's queue never stands before all others."""
    for start in range(0, len(ids), per_minute):
        later = now + dt.timedelta(minutes=1 + start // per_minute)
        Invitation.objects.filter(due.waiting, pk__in=ids[start : start + per_minute]).update(
            **{due.moment: later, "dispatched_at": None}
        )
