"""Reads for the first page of the day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Max, Q

from accounts.models import Customer, Import, Respondent
from accounts.queries.owners import accounts_of
from surveys.domain.answers.scoring import DETRACTOR_MAX, PROMOTER_MIN, is_reportable
from surveys.domain.states import WITHOUT_MAIL, CampaignState, InvitationState
from surveys.models import Campaign, Response
from surveys.models.responses import ResponseQuerySet
from surveys.queries.answers.responses import ResponseFilter, set_aside
from surveys.queries.campaigns.listing import campaign_list

RECENT = dt.timedelta(days=7)
RESULTS = dt.timedelta(days=30)
SHOWN = 8


@dataclass(frozen=True)
class Results:
    """The counted answers of the last 30 days."""

    promoters: int
    passives: int
    detractors: int
    customers: int

    @property
    def reportable(self) -> bool:
        """By the rule of the reports: with fewer it is shown grey."""
        return is_reportable(self.responses, customers=self.customers)

    @property
    def responses(self) -> int:
        return self.promoters + self.passives + self.detractors

    @property
    def nps(self) -> float | None:
        if not self.responses:
            return None
        return 100 * (self.promoters - self.detractors) / self.responses


def results(*, now: dt.datetime, owner: str = "") -> Results:
    """`owner`: only those of the accounts of the CS member with this address; so below."""
    recent = _of(owner).filter(answered_at__gt=now - RESULTS, answered_at__lte=now)
    return Results(
        **recent.aggregate(
            promoters=Count("pk", filter=Q(score__gte=PROMOTER_MIN)),
            passives=Count("pk", filter=Q(score__gt=DETRACTOR_MAX, score__lt=PROMOTER_MIN)),
            detractors=Count("pk", filter=Q(score__lte=DETRACTOR_MAX)),
            customers=Count("invitation__respondent__customer", distinct=True),
        )
    )


def _of(owner: str) -> ResponseQuerySet:
    found = Response.objects.counted()
    if owner:
        found = found.filter(invitation__respondent__customer__in=accounts_of(owner))
    return found


def newest_comments(*, now: dt.datetime, owner: str = "") -> list[Response]:
    """Comments of the last week."""
    found = _of(owner).with_category().exclude(comment="")
    found = found.filter(answered_at__gt=now - RECENT)
    return list(found.select_related("invitation__respondent__customer")[:SHOWN])


def running_campaigns() -> list[Campaign]:
    return list(campaign_list().filter(state=CampaignState.RUNNING).order_by("-pk")[:SHOWN])


def paused_by_machine() -> list[Campaign]:
    paused = Campaign.objects.filter(state=CampaignState.PAUSED).exclude(state_reason="")
    return list(paused.order_by("-pk")[:SHOWN])


def failing_campaigns(*, now: dt.datetime) -> list[Campaign]:
    """Campaigns with `unknown` and `failed` mails that were settled in the last week."""
    lately = Q(invitations__settled_at__gt=now - RECENT)
    unknown = Q(invitations__state=InvitationState.UNKNOWN)
    failed = Q(invitations__state=InvitationState.FAILED)
    return list(
        Campaign.objects.filter(lately & (unknown | failed))
        .annotate(
            unknown=Count("invitations", filter=unknown & lately),
            failed=Count("invitations", filter=failed & lately),
            newest=Max("invitations__settled_at"),
        )
        .order_by("-newest")[:SHOWN]
    )


def failed_imports(*, now: dt.datetime) -> list[Import]:
    states = [Import.State.REFUSED, Import.State.FAILED]
    found = Import.objects.filter(state__in=states, created_at__gt=now - RECENT)
    return list(found.defer("errors")[:SHOWN])


@dataclass(frozen=True)
class SetAside:
    """Answers of the last days that look like a machine's."""

    first_day: dt.date
    number: int


def set_aside_lately(*, now: dt.datetime) -> SetAside:
    # By whole days, as the list that it leads to counts them.
    first_day = (now - RECENT).astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    return SetAside(first_day, set_aside(ResponseFilter(from_=first_day)))


@dataclass(frozen=True)
class FirstSteps:
    customers: bool
    respondents: bool
    campaign: bool
    launched: bool

    @property
    def done(self) -> bool:
        return self.launched


def first_steps() -> FirstSteps:
    ours = Campaign.objects.exclude(state__in=WITHOUT_MAIL)
    return FirstSteps(
        customers=Customer.objects.exists(),
        respondents=Respondent.objects.exists(),
        campaign=ours.exists(),
        launched=ours.exclude(state=CampaignState.DRAFT).exists(),
    )
