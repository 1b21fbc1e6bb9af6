"""New moments for e-mails that wait: after an edit of the hours, a resume, or where theirs passed.

The claim refuses every e-mail whose hours are over and all of a campaign that is to be rescheduled.
Here they get the moments that planning would give them now, in the order in which they were
planned. These depend on the rows and on `reschedule_from` alone: whoever goes on with what another
process began, or does it at the same time, hands out the same ones.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import connection
from django.db.models import Q

from common.resilience.retry import in_transaction
from surveys.domain.states import CLAIMABLE, LAUNCHED, CampaignState, InvitationState
from surveys.domain.timing import TimingError
from surveys.models import Attempt, Campaign, Invitation
from surveys.queries.calendar.calendars import SendTime
from surveys.queries.campaigns.schedule import Schedule

logger = logging.getLogger(__name__)
BATCH = 1000
# (id, zone, send_at, send_by)
Row = tuple[int, str, dt.datetime, dt.datetime | None]
NewTime = Callable[[Row], SendTime]


@dataclass(frozen=True, slots=True)
class _Waiting:
    kind: Attempt.Kind
    states: Q
    prefix: str = ""


_QUEUED = _Waiting(Attempt.Kind.SURVEY, Q(state=InvitationState.QUEUED))
_RETRIES = _Waiting(Attempt.Kind.SURVEY, Q(state=InvitationState.RETRY))
_REMINDERS = _Waiting(Attempt.Kind.REMINDER, Q(reminder_state__in=CLAIMABLE), "reminder_")


def reschedule_due(*, now: dt.datetime) -> int:
    """Everything that has to move before the next e-mail leaves; how many got a new moment."""
    for waiting in (_QUEUED, _RETRIES, _REMINDERS):
        _mark_missed(waiting, now=now)
    moved = 0
    for campaign in Campaign.objects.filter(state__in=LAUNCHED, reschedule_from__isnull=False):
        try:
            moved += _reschedule(campaign)
        except TimingError as error:
            # Its e-mails stay where they are, and none of them leaves, until its hours are edited.
            logger.error("Campaign %s cannot be rescheduled: %s.", campaign.slug, error)
    return moved


def _mark_missed(waiting: _Waiting, *, now: dt.datetime) -> None:
    """The campaigns whose e-mails were due and did not leave before their hours were over."""
    missed = {f"{waiting.prefix}send_at__lte": now, f"{waiting.prefix}send_by__lte": now}
    ids = (
        Invitation.objects.filter(waiting.states, **missed)
        .filter(campaign__state=CampaignState.RUNNING)
        .values("campaign")
    )
    unmarked = Campaign.objects.filter(pk__in=ids, reschedule_from__isnull=True)
    unmarked.update(reschedule_from=now)


def _reschedule(campaign: Campaign) -> int:
    start = campaign.reschedule_from
    assert start is not None  # noqa: S101 - only such come here
    schedule = Schedule(campaign, now=start, replan=True)

    def planned(row: Row) -> SendTime:
        return schedule.next_without_end(row[1])

    def not_before(row: Row) -> SendTime:
        return schedule.hours.from_then(max(start, row[2]), row[1])

    def reminded(row: Row) -> SendTime:
        return schedule.reminder(row[1], not_before=row[2])

    moved = _move(campaign, _QUEUED, planned)
    moved += _move(campaign, _RETRIES, not_before)
    moved += _move(campaign, _REMINDERS, reminded)
    # Edited in the meantime: the next tick does it again, by the new hours.
    same = Campaign.objects.filter(pk=campaign.pk, version=campaign.version)
    same.filter(reschedule_from=start).update(reschedule_from=None)
    return moved


def _move(campaign: Campaign, waiting: _Waiting, new_time: NewTime) -> int:
    moved = 0
    for batch in _batches(campaign, waiting):
        times = {row[0]: (row[2:], new_time(row)) for row in batch}
        changed = {pk: new for pk, (old, new) in times.items() if old != tuple(new)}
        in_transaction(partial(write_times, waiting.prefix, changed))
        moved += len(changed)
    return moved


def write_times(prefix: str, times: dict[int, SendTime]) -> None:
    """Give those that still wait their new moments, in one statement for all."""
    text = connection.ops.adapt_datetimefield_value
    rows = [
        [pk, str(text(at)), None if by is None else str(text(by))] for pk, (at, by) in times.items()
    ]
    states = ", ".join(["%s"] * len(CLAIMABLE))
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE surveys_invitation SET {prefix}send_at = listed.send_at,"  # noqa: S608
            f" {prefix}send_by = listed.send_by, dispatched_at = NULL FROM {_listed()}"
            f" WHERE surveys_invitation.id = listed.id AND {prefix}state IN ({states})",
            [json.dumps(rows), *sorted(CLAIMABLE)],
        )


def _listed() -> str:
    if connection.vendor == "postgresql":
        return (
            "(SELECT (value ->> 0)::bigint AS id, (value ->> 1)::timestamptz AS send_at,"
            " (value ->> 2)::timestamptz AS send_by"
            " FROM json_array_elements(%s::json) AS rows(value)) AS listed"
        )
    return (
        "(SELECT json_extract(value, '$[0]') AS id, json_extract(value, '$[1]') AS send_at,"
        " json_extract(value, '$[2]') AS send_by FROM json_each(%s)) AS listed"
    )


def _batches(campaign: Campaign, waiting: _Waiting) -> Iterator[list[Any]]:
    """In the order in which they were planned, which no move changes."""
    columns = (f"{waiting.prefix}send_at", f"{waiting.prefix}send_by")
    rows = Invitation.objects.filter(waiting.states, campaign=campaign).order_by("pk")
    last = 0
    while batch := list(
        rows.filter(pk__gt=last).values_list("pk", "respondent__time_zone", *columns)[:BATCH]
    ):
        yield batch
        last = batch[-1][0]
