"""The invitations that went out, over all campaigns: what a response rate is a share of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from accounts.queries.customers.owners import accounts_of
from surveys.domain.states import ASKED
from surveys.models import Invitation
from surveys.queries.calendar.days import midnight
from surveys.queries.campaigns.funnel import ANSWERED
from surveys.queries.segments import in_segments

ANSWERS = {"yes": ANSWERED, "no": ~ANSWERED}


@dataclass(frozen=True)
class InvitationFilter:
    """What to show; an empty field asks for nothing. `to` is inclusive."""

    from_: dt.date | None = None
    to: dt.date | None = None
    campaign: str = ""
    language: str = ""
    answered: str = ""
    # The address of the CS member whose accounts alone are shown.
    owner: str = ""
    # Dimension to the values frozen on the invitation, any of them.
    segments: Mapping[str, Sequence[str]] = field(default_factory=dict)


def asked(wanted: InvitationFilter) -> QuerySet[Invitation]:
    """Of those that were sent, or may have been; the newest first."""
    found = Invitation.objects.filter(_conditions(wanted), state__in=ASKED, sent_at__isnull=False)
    if wanted.segments:
        found = found.filter(in_segments(wanted.segments))
    return found.order_by("-sent_at", "-pk")


def page_rows(ids: Sequence[int]) -> list[Invitation]:
    """The invitations of a page, in its order, with all that a row of the list shows."""
    rows = Invitation.objects.select_related("respondent__customer", "campaign", "response")
    found = rows.in_bulk(list(ids))
    return [found[pk] for pk in ids if pk in found]


def _conditions(wanted: InvitationFilter) -> Q:
    condition = ANSWERS.get(wanted.answered, Q())
    if wanted.from_:
        condition &= Q(sent_at__gte=midnight(wanted.from_))
    if wanted.to:
        condition &= Q(sent_at__lt=midnight(wanted.to, days=1))
    if wanted.campaign:
        condition &= Q(campaign__slug=wanted.campaign)
    if wanted.language:
        condition &= Q(language=wanted.language)
    if wanted.owner:
        condition &= Q(respondent__customer__in=accounts_of(wanted.owner))
    return condition
