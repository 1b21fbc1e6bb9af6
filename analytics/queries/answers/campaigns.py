from __future__ import annotations

import datetime as dt

from analytics.domain.periods import Period
from analytics.queries.database.clock import bounds, day_of
from surveys.domain.states import ASKED, CampaignState
from surveys.models import Campaign, Invitation


def launches(period: Period) -> list[tuple[dt.date, str]]:
    """The day and the name of every campaign launched in the period."""
    first, end = bounds(period)
    rows = Campaign.objects.filter(launched_at__gte=first, launched_at__lt=end)
    found = rows.order_by("launched_at").values_list("launched_at", "name")
    return [(day_of(moment), name) for moment, name in found if moment is not None]


def imported_asked(period: Period) -> int:
    """How many of those asked in the period are known from the answers of another system."""
    imported = list(Campaign.objects.filter(state=CampaignState.IMPORTED).values_list("pk"))
    if not imported:
        return 0
    first, end = bounds(period)
    asked = Invitation.objects.filter(campaign__in=[pk for (pk,) in imported], state__in=ASKED)
    return asked.filter(sent_at__gte=first, sent_at__lt=end).count()
