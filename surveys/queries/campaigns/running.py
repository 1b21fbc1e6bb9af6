"""When the next e-mail of a campaign leaves, for one and for all that run now."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from surveys.domain.states import CLAIMABLE, CampaignState
from surveys.models import Campaign, Invitation
from surveys.queries.campaigns.listing import campaign_list


@dataclass(frozen=True, slots=True)
class Running:
    # With `planned`, `asked` and `answered`.
    campaign: Campaign
    # Of an invitation or a reminder; None: nobody waits for one.
    next_at: dt.datetime | None


def running_campaigns(*, at_most: int) -> list[Running]:
    """The newest first."""
    chosen = campaign_list().filter(state=CampaignState.RUNNING).order_by("-pk")
    return [Running(each, _earlier(each)) for each in _with_moments(chosen)[:at_most]]


def next_mail_at(campaign: Campaign) -> dt.datetime | None:
    """None where none will leave."""
    running = Campaign.objects.filter(pk=campaign.pk, state=CampaignState.RUNNING)
    row = _with_moments(running).first()
    return _earlier(row) if row else None


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
