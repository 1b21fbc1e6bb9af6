"""Past invitations refrozen when the definition of a segment changed, batch by batch.

The values come from what was frozen with the invitation, the attributes of the day it was sent,
never from today's. Batch and progress are one transaction: a killed worker loses the batch that it
had in hand, and doing a batch twice changes nothing.
"""

from __future__ import annotations

import datetime as dt
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from django.db import transaction
from django.db.models import Max, Q, QuerySet

from accounts.domain.segments import MRR, TENURE, UNKNOWN, segment_values, tenure_on
from accounts.models import Dimension, SegmentProfile, SegmentRebuild
from accounts.queries.money.completeness import month_looks_incomplete
from accounts.queries.money.currency import conversion
from accounts.queries.money.revenue import mrr_known_on
from accounts.services.rebuilds import TASK, refreeze_if_changed
from accounts.services.segments import profile_ids
from analytics.counting.cells.folding import counting_lock
from analytics.counting.cells.profile_moves import move_profiles
from analytics.queries.database.clock import day_of
from config.celery import enqueue
from surveys.domain.reasons import WITHOUT_MAIL, InvitationReason
from surveys.models import Invitation

BATCH = 1000
# A worker that has not finished a batch for so long is dead.
LEASE = dt.timedelta(minutes=2)
# Longer than any task lives: whoever read the old definition has written by then.
SETTLED = dt.timedelta(minutes=5)
# The least step between two times of the database.
MOMENT = dt.timedelta(microseconds=1)
NEEDED = (
    *("attributes", "profile", "sent_at", "settled_at", "created_at", "state", "reason"),
    *("language", "campaign", "respondent__customer__started_on"),
)

Clock = Callable[[], dt.datetime]


def rebuild(*, clock: Clock, seconds: float, rest: Callable[[float], None] = time.sleep) -> None:
    """The tick: begin what has changed, go on for a while, and enqueue itself for what is left."""
    refreeze_if_changed(now=clock())
    _check_late_ones(now=clock())
    if not _lease(clock()):
        return
    until = clock() + dt.timedelta(seconds=seconds)
    more = True
    while more and clock() < until:
        begun = clock()
        more = freeze_batch(now=begun)
        # Answers and mails need the database, and on SQLite they wait for its one writer.
        rest(min((clock() - begun).total_seconds(), 1.0))
    SegmentRebuild.objects.update(leased_until=None)
    if more:
        enqueue(TASK)


def freeze_batch(*, now: dt.datetime, limit: int = BATCH) -> bool:
    """One batch and how far it came, together; False when nothing is left."""
    with counting_lock(), transaction.atomic():
        rows = SegmentRebuild.objects.select_for_update()
        row = rows.filter(finished_at__isnull=True).first()
        if row is None:
            return False
        if row.total is None:
            row.total = _frozen().count()
        batch = _batch(_next(row), limit=limit)
        refreeze(batch)
        row.done += len(batch)
        _advance(row, batch, full=len(batch) == limit, now=now)
        row.leased_until = now + LEASE
        row.save()
    return row.finished_at is None


def _next(row: SegmentRebuild) -> QuerySet[Invitation]:
    """Newest days first, as those are read most. A batch in the order of days touches one
    month of cells or two, whatever the order in which another system's answers were brought in.
    """
    rows = _frozen()
    if row.last_sent_at is None:
        return rows.filter(sent_at__isnull=True, pk__gt=row.last_id).order_by("pk")
    same = Q(sent_at=row.last_sent_at, pk__lt=row.last_id)
    rows = rows.filter(same | Q(sent_at__lt=row.last_sent_at), sent_at__lte=row.last_sent_at)
    return rows.order_by("-sent_at", "-pk")


def _advance(row: SegmentRebuild, batch: list[Invitation], *, full: bool, now: dt.datetime) -> None:
    if full:
        row.last_sent_at, row.last_id = batch[-1].sent_at, batch[-1].pk
    elif row.last_sent_at is None and (latest := _latest()):
        row.last_sent_at, row.last_id = latest + MOMENT, 0
    else:
        row.finished_at = now


def _latest() -> dt.datetime | None:
    """What is sent later is frozen by today's definitions, or found by `_check_late_ones`."""
    latest: dt.datetime | None = _frozen().aggregate(latest=Max("sent_at"))["latest"]
    return latest


def refreeze(invitations: Sequence[Invitation]) -> int:
    """Give each the profile of today's definitions over its own day; how many have another now.

    Where no segment that there is today has another value the profile stays, so that a new segment
    costs nothing for those it says nothing about.
    """
    dimensions = list(Dimension.objects.all())
    definitions = [each.definition for each in dimensions]
    known = SegmentProfile.objects.in_bulk({each.profile_id for each in invitations})
    # Of what was brought in without attributes, the values are all that is known of their day.
    with_attributes = [each for each in invitations if each.attributes]
    moved: list[Invitation] = []
    attributes: list[Mapping[str, Any]] = []
    for each, read in zip(with_attributes, _attributes(with_attributes, dimensions), strict=True):
        before = known[each.profile_id].values
        values = segment_values(read, definitions=definitions)
        if any(before.get(name, UNKNOWN) != value for name, value in values.items()):
            moved.append(each)
            attributes.append(read)
    if moved:
        _move(moved, profile_ids(attributes, dimensions=dimensions))
    return len(moved)


def _move(invitations: Sequence[Invitation], profiles: Sequence[int]) -> None:
    before = {each.pk: int(each.profile_id or 0) for each in invitations}
    for each, profile in zip(invitations, profiles, strict=True):
        each.profile_id = profile
    Invitation.objects.bulk_update(invitations, ["profile"], batch_size=500)
    move_profiles(invitations, before=before)


def _frozen() -> QuerySet[Invitation]:
    """What waits to be sent is frozen then."""
    return Invitation.objects.filter(profile__isnull=False)


def _batch(rows: QuerySet[Invitation], *, limit: int | None = None) -> list[Invitation]:
    """Locked, but not against the answer that refers to it."""
    locked = rows.select_for_update(no_key=True, of=("self",))
    return list(locked.select_related("respondent__customer").only(*NEEDED)[:limit])


def _attributes(
    invitations: Sequence[Invitation], dimensions: Iterable[Dimension]
) -> list[Mapping[str, Any]]:
    """As frozen, with what was not frozen yet at that time."""
    dimensions = list(dimensions)
    found: list[Mapping[str, Any]] = [each.attributes for each in invitations]
    if any(each.reads_mrr for each in dimensions):
        found = _with_mrr(invitations)
    if any(each.reads_tenure for each in dimensions):
        found = [
            {TENURE: _tenure(each), **known} for each, known in zip(invitations, found, strict=True)
        ]
    return found


def _tenure(invitation: Invitation) -> str:
    """On the day of sending; of another system's answer on that of the answer."""
    customer = invitation.respondent.customer
    imported = invitation.reason == InvitationReason.IMPORTED
    moment = invitation.settled_at if imported else invitation.sent_at
    day = day_of(moment or invitation.created_at)
    return tenure_on(day, customer.started_on if customer else None)


def _with_mrr(invitations: Sequence[Invitation]) -> list[Mapping[str, Any]]:
    """Before MRR was frozen as well, it is that of the last month-end before the day."""
    by_month: defaultdict[dt.date, list[Invitation]] = defaultdict(list)
    for each in invitations:
        if MRR not in each.attributes:
            by_month[_day_of_freezing(each).replace(day=1)].append(each)
    found: dict[int, str] = {}
    once, is_incomplete = cache(conversion), cache(month_looks_incomplete)
    for month, rows in by_month.items():
        customers = (each.respondent.customer_id for each in rows)
        mrr = mrr_known_on(customers, day=month, known=once, is_incomplete=is_incomplete)
        found |= {each.pk: mrr.get(each.respondent.customer_id, UNKNOWN) for each in rows}
    return [{MRR: found.get(each.pk, UNKNOWN), **each.attributes} for each in invitations]


def _day_of_freezing(invitation: Invitation) -> dt.date:
    """Answers of another system are frozen when they are imported."""
    sent = None if invitation.reason == InvitationReason.IMPORTED else invitation.sent_at
    return day_of(sent or invitation.created_at)


def _lease(now: dt.datetime) -> bool:
    """One worker at a time; the others have mails to send."""
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=now)
    rows = SegmentRebuild.objects.filter(free, finished_at__isnull=True)
    return bool(rows.update(leased_until=now + LEASE))


def _check_late_ones(*, now: dt.datetime) -> None:
    """A mail that was just being sent, or an import, may have been frozen by the old definition
    after its turn; once those are over, they are checked a second time."""
    due = SegmentRebuild.objects.filter(
        finished_at__isnull=False, checked_at__isnull=True, started_at__lt=now - SETTLED
    )
    row = due.first()
    if row is None:
        return
    since = row.started_at - SETTLED
    late = Q(sent_at__gte=since) | Q(reason__in=WITHOUT_MAIL, created_at__gte=since)
    ids = list(_frozen().filter(late).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        with counting_lock(), transaction.atomic():
            chunk = ids[start : start + BATCH]
            refreeze(_batch(Invitation.objects.filter(pk__in=chunk).order_by("pk")))
    due.update(checked_at=now)
