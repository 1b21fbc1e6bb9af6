"""Scores that were shown by a gesture and never confirmed by the button."""

from __future__ import annotations

import pandas as pd
from django.db.models import Count, Q

from accounts.domain.segments import UNKNOWN
from analytics.filters import Scope
from analytics.queries.clock import bounds
from analytics.queries.profiles import NO_PROFILE, all_profiles
from surveys.models import Intent


def intent_cells(scope: Scope) -> pd.DataFrame:
    """`score`, `count` of the period's unconfirmed scores; suspect ones are left out."""
    filters = scope.filters
    start, end = bounds(filters.period)
    unconfirmed = Q(invitation__response__isnull=True) | Q(invitation__response__suspect=True)
    found = Intent.objects.filter(unconfirmed, at__gte=start, at__lt=end, suspect=False)
    if scope.campaign_id is not None:
        found = found.filter(invitation__campaign=scope.campaign_id)
    if filters.language:
        found = found.filter(invitation__language=filters.language)
    counted = found.values_list("invitation__profile", "score").annotate(count=Count("pk"))
    profiles = all_profiles()
    rows = [
        (score, count)
        for profile, score, count in counted.order_by()
        if all(
            str(profiles[profile or NO_PROFILE].get(name, UNKNOWN)) in wanted
            for name, wanted in filters.where.items()
        )
    ]
    return pd.DataFrame(rows, columns=["score", "count"]).astype("int64")
