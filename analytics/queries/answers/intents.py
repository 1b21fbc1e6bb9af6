"""Scores that were shown by a gesture and never confirmed by the button."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
from django.db.models import Count, Q

from accounts.queries.customers.owners import accounts_of
from analytics.queries.answers.profiles import (
    NO_PROFILE,
    Segments,
    all_profiles,
    numbers_by_profile,
)
from analytics.queries.customers.respondents import current_segments
from analytics.queries.database.clock import bounds
from analytics.queries.filters import Scope
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
    if filters.owner:
        found = found.filter(invitation__respondent__customer__in=accounts_of(filters.owner))
    held_by = "invitation__profile" if filters.as_of is None else "invitation__respondent"
    counted = found.values_list(held_by, "score").annotate(count=Count("pk"))
    chosen = _chosen(scope)
    rows = [(score, count) for key, score, count in counted.order_by() if chosen(key)]
    return pd.DataFrame(rows, columns=["score", "count"]).astype("int64")


def _chosen(scope: Scope) -> Callable[[int | None], bool]:
    """Whether the filters let a profile through or, in the view of now, a respondent."""
    segments, where, as_of = Segments(()), scope.filters.where, scope.filters.as_of
    if as_of is None:
        numbers = numbers_by_profile(all_profiles(), segments=segments, where=where)
    else:
        definitions = [each.definition for each in scope.conditions]
        numbers = current_segments(definitions, segments=segments, where=where, today=as_of).numbers
    return lambda key: bool(numbers[key or NO_PROFILE] >= 0)
