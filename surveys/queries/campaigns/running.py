"""When the e-mails of a campaign leave: the next one, the last one, and after it is resumed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery

from surveys.domain.states import CLAIMABLE, CampaignState
from surveys.models import Campaign, Invitation
from surveys.queries.answers.by_campaign import with_counts
from surveys.queries.calendar.calendars import Hours
from surveys.queries.campaigns.schedule import Schedule

# Of more only the number is told: their new moments are worked out when they get them.
LOOKED_THROUGH = 5000


@dataclass(frozen=True, slots=True)
class Running:
    # With `planned`, `asked` and `answered`.
    campaign: Campaign
    # Of an invitation or a reminder; None: nobody waits for one.
    next_at: dt.datetime | None


def running_campaigns(*, at_most: int) -> list[Running]:
    """The newest first."""
    chosen = Campaign.objects.filter(state=CampaignState.RUNNING).order_by("-pk")
    found = with_counts(_with_moments(chosen)[:at_most])
    return [Running(each, _earlier(each)) for each in found]


def next_mail_at(campaign: Campaign) -> dt.datetime | None:
    """None where none will leave."""
    running = Campaign.objects.filter(pk=campaign.pk, state=CampaignState.RUNNING)
    row = _with_moments(running).first()
    return _earlier(row) if row else None


def next_mails_of(campaigns: Sequence[Campaign]) -> dict[int, dt.datetime]:
    """By campaign; those that send nothing, or have nobody waiting, are not in it."""
    chosen = [each.pk for each in campaigns if each.state == CampaignState.RUNNING]
    rows = _with_moments(Campaign.objects.filter(pk__in=chosen)) if chosen else []
    return {row.pk: at for row in rows if (at := _earlier(row)) is not None}


def last_mail_at(campaign: Campaign) -> dt.datetime | None:
    """Of those that wait already; None where none does."""
    waiting = campaign.invitations.aggregate(
        survey=Max("send_at", filter=Q(state__in=CLAIMABLE)),
        reminder=Max("reminder_send_at", filter=Q(reminder_state__in=CLAIMABLE)),
    )
    return max((each for each in waiting.values() if each is not None), default=None)


@dataclass(frozen=True, slots=True)
class Resumption:
    """What a paused campaign sends once it is resumed, but for whom planning finds then."""

    surveys: int
    reminders: int
    # Of the surveys; None where nobody waits, or too many to be looked through.
    first: dt.datetime | None
    last: dt.datetime | None


def resumption(campaign: Campaign, *, now: dt.datetime) -> Resumption:
    counts = campaign.invitations.aggregate(
        surveys=Count("pk", filter=Q(state__in=CLAIMABLE)),
        reminders=Count("pk", filter=Q(reminder_state__in=CLAIMABLE)),
    )
    moments = _once_resumed(campaign, now=now) if counts["surveys"] <= LOOKED_THROUGH else []
    return Resumption(**counts, first=min(moments, default=None), last=max(moments, default=None))


def _once_resumed(campaign: Campaign, *, now: dt.datetime) -> list[dt.datetime]:
    """As `resume` and the rescheduling after it would have them."""
    rows = campaign.invitations.filter(state__in=CLAIMABLE).order_by("pk")
    waiting = rows.values_list("respondent__time_zone", "send_at", "send_by")
    if campaign.per_hour:
        schedule = Schedule(campaign, now=now, replan=True)
        return [schedule.next_without_end(zone).at for zone, _at, _by in waiting]
    hours = Hours(campaign)
    return [
        hours.from_then(max(now, at), zone).at if by and by <= now else max(now, at)
        for zone, at, by in waiting
        if at is not None
    ]


def _with_moments(campaigns: QuerySet[Campaign]) -> QuerySet[Campaign]:
    return campaigns.annotate(
        next_survey=Subquery(_first("send_at", state__in=CLAIMABLE)),
        next_reminder=Subquery(_first("reminder_send_at", reminder_state__in=CLAIMABLE)),
    )


def _first(column: str, **waiting: object) -> QuerySet[Any]:
    """By the index of what is due, in whose order the campaign's first one is soon met."""
    found = Invitation.objects.filter(campaign=OuterRef("pk"), **waiting)
    known: QuerySet[Any] = found.filter(**{f"{column}__isnull": False})
    return known.order_by(column).values(column)[:1]


def _earlier(row: Campaign) -> dt.datetime | None:
    moments = (row.next_survey, row.next_reminder)  # type: ignore[attr-defined]
    return min((each for each in moments if each is not None), default=None)
