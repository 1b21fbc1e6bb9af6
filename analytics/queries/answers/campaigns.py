from __future__ import annotations

import datetime as dt

from analytics.domain.periods import Period
from analytics.queries.database.clock import bounds, day_of
from analytics.queries.database.snapshot import once
from surveys.domain.states import CampaignState
from surveys.models import Campaign


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
