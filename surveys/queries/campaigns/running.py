"""The campaigns that run now, with when the next of their e-mails leaves."""

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
    rows = chosen.annotate(
        next_survey=Subquery(_first("send_at", state__in=CLAIMABLE)),
        next_reminder=Subquery(_first("reminder_send_at", reminder_state__in=CLAIMABLE)),
    )
    return [Running(each, _earlier(each)) for each in rows[:at_most]]


def _first(column: str, **waiting: object) -> QuerySet[Any]:
    """By the index of what is due, in whose order the campaign's first one is soon met."""
    found = Invitation.objects.filter(campaign=OuterRef("pk"), **waiting)
    known: QuerySet[Any] = found.filter(**{f"{column}__isnull": False})
    return known.order_by(column).values(column)[:1]


def _earlier(row: Campaign) -> dt.datetime | None:
    moments = (row.next_survey, row.next_reminder)  # type: ignore[attr-defined]
    return min((each for each in moments if each is not None), default=None)
