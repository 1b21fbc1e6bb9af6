from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, Sum
from django.db.models.functions import TruncDate

from accounts.models import Customer
from accounts.queries.customers.listing import latest_month
from accounts.queries.money.currency import mrr_in_month
from analytics.domain.periods import Period
from analytics.domain.statistics.nps.counts import Counts
from analytics.domain.statistics.nps.intervals import Sample, independent, of_one_customer
from analytics.queries.database.clock import bounds, day_of, zone
from analytics.queries.database.snapshot import once
from surveys.domain.answers.scoring import DETRACTOR_MAX, PROMOTER_MIN
from surveys.domain.states import ASKED, CampaignState
from surveys.models import Campaign, Invitation, Response


def launches(period: Period) -> list[tuple[dt.date, str]]:
    """The day and the name of every campaign launched in the period."""
    first, end = bounds(period)
    rows = Campaign.objects.filter(launched_at__gte=first, launched_at__lt=end)
    found = rows.order_by("launched_at").values_list("launched_at", "name")
    return [(day_of(moment), name) for moment, name in found if moment is not None]


def imported_campaigns() -> list[int]:
    """Of another system: who answered is known, but not whom it asked in vain."""
    return once("imported campaigns", _imported_campaigns)


def _imported_campaigns() -> list[int]:
    rows = Campaign.objects.filter(state=CampaignState.IMPORTED)
    return list(rows.values_list("pk", flat=True))


@dataclass(frozen=True, slots=True)
class Heard:
    """Of the customers that were asked, those who answered, and what both pay in a month."""

    asked: int
    answered: int
    mrr_asked: Any
    mrr_answered: Any


def heard(campaign: Campaign) -> Heard:
    counted = Q(response__isnull=False, response__suspect=False)
    found = Invitation.objects.filter(counted | Q(state__in=ASKED), campaign=campaign)
    answers = found.filter(counted, respondent__customer=OuterRef("pk"))
    customers = Customer.objects.filter(pk__in=found.values("respondent__customer")).annotate(
        mrr=mrr_in_month(latest_month()), answers=Exists(answers)
    )
    only = Q(answers=True)
    return Heard(
        **customers.aggregate(
            asked=Count("pk"),
            answered=Count("pk", filter=only),
            mrr_asked=Sum("mrr"),
            mrr_answered=Sum("mrr", filter=only),
        )
    )


def samples_of(campaigns: Sequence[int]) -> dict[int, Sample]:
    """The answers of each campaign, one row for each of its customers read."""
    answers = Response.objects.counted().filter(invitation__campaign__in=campaigns).order_by()
    rows = answers.values_list("invitation__campaign", "invitation__respondent__customer").annotate(
        answers=Count("pk"),
        promoters=Count("pk", filter=Q(score__gte=PROMOTER_MIN)),
        detractors=Count("pk", filter=Q(score__lte=DETRACTOR_MAX)),
    )
    found: dict[int, Sample] = dict.fromkeys(campaigns, Sample())
    for campaign, customer, number, promoters, detractors in rows:
        passives = number - promoters - detractors
        counts = Counts(detractors=detractors, passives=passives, promoters=promoters)
        # Of nobody's customers each answers for itself.
        found[campaign] += independent(counts) if customer is None else of_one_customer(counts)
    return found


def answers_by_day(campaign: Campaign) -> dict[dt.date, int]:
    """By the days of the organisation, oldest first."""
    answers = Response.objects.counted().filter(invitation__campaign=campaign).order_by()
    by_day = answers.values_list(TruncDate("answered_at", tzinfo=zone())).annotate(Count("pk"))
    return dict(sorted(by_day))


def first_day(campaign: Campaign, *, today: dt.date) -> dt.date:
    """Of its e-mails and answers."""
    answers = Response.objects.filter(invitation__campaign=campaign)
    first = answers.aggregate(first=Min("answered_at"))["first"]
    days = [day_of(moment) for moment in (campaign.launched_at, first) if moment is not None]
    return min([*days, today])
