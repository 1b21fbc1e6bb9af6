from __future__ import annotations

import datetime as dt

from analytics.domain.periods import Period
from analytics.queries.answers.invitations import chosen_invitations
from analytics.queries.database.clock import bounds, day_of
from analytics.queries.filters import Filters
from surveys.domain.states import ASKED, CampaignState
from surveys.models import Campaign


def launches(period: Period) -> list[tuple[dt.date, str]]:
    """The day and the name of every campaign launched in the period."""
    first, end = bounds(period)
    rows = Campaign.objects.filter(launched_at__gte=first, launched_at__lt=end)
    found = rows.order_by("launched_at").values_list("launched_at", "name")
    return [(day_of(moment), name) for moment, name in found if moment is not None]


def imported_asked(filters: Filters) -> int:
    """How many of those asked are known from the answers of another system."""
    imported = list(Campaign.objects.filter(state=CampaignState.IMPORTED).values_list("pk"))
    if not imported:
        return 0
    first, end = bounds(filters.period)
    asked = chosen_invitations(filters)
    asked = asked.filter(campaign__in=[pk for (pk,) in imported], state__in=ASKED)
    return asked.filter(sent_at__gte=first, sent_at__lt=end).count()
