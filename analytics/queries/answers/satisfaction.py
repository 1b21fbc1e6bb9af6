"""Answers to the campaigns' question of satisfaction, read as packed columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from django.db.models import TextField, Value
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast, Coalesce
from numpy.typing import NDArray

from accounts.queries.customers.owners import accounts_of
from analytics.domain.answers.cells import UNKNOWN_CUSTOMER
from analytics.domain.periods import Period
from analytics.queries.answers.profiles import NO_PROFILE
from analytics.queries.database.clock import bounds, days_of
from analytics.queries.database.columns import (
    Moment,
    columns_with_keys,
    packed_groups,
    seconds_of_moments,
)
from analytics.queries.database.snapshot import once
from surveys.domain.answers.questions import SATISFACTION
from surveys.models import Response
from surveys.queries.answers.satisfaction import campaigns_by_key

COLUMNS = (
    "invitation__respondent_id",
    Coalesce("invitation__respondent__customer_id", Value(UNKNOWN_CUSTOMER)),
    Coalesce("invitation__profile_id", Value(NO_PROFILE)),
    Moment("answered_at"),
    "score",
)


@dataclass(frozen=True, slots=True, eq=False)
class SatisfactionRows:
    respondents: NDArray[np.int64]
    customers: NDArray[np.int64]
    profiles: NDArray[np.int64]
    days: NDArray[np.datetime64]
    scores: NDArray[np.int64]
    values: NDArray[np.int64]


def asks_satisfaction() -> bool:
    return bool(_campaigns_by_key(None))


def read_satisfaction(
    period: Period, *, campaign: int | None, language: str, owner: str = ""
) -> SatisfactionRows:
    """Of the counted answers of the period those that say how satisfied somebody is."""
    first, end = bounds(period)
    rows = Response.objects.counted().filter(answered_at__gte=first, answered_at__lt=end)
    if language:
        rows = rows.filter(invitation__language=language)
    if owner:
        rows = rows.filter(invitation__respondent__customer__in=accounts_of(owner))
    found = []
    for key, campaigns in _campaigns_by_key(campaign).items():
        # As JSON: a text of before that says 5 is no satisfaction of 5.
        chosen = rows.filter(invitation__campaign__in=campaigns).annotate(
            given=KeyTransform(key, "extra"),
            text=Cast(KeyTextTransform(key, "extra"), TextField()),
        )
        chosen = chosen.filter(given__in=[int(each) for each in SATISFACTION])
        found += packed_groups(chosen, by=["text"], columns=COLUMNS)
    columns, groups = columns_with_keys(found, width=len(COLUMNS))
    values = np.array([int(text) for text, _ in found], dtype=np.int64)[groups]
    respondents, customers, profiles, moments, scores = columns
    days = days_of(seconds_of_moments(moments))
    return SatisfactionRows(respondents, customers, profiles, days, scores, values)


def _campaigns_by_key(campaign: int | None) -> dict[str, list[int]]:
    """Of one campaign, or of all."""
    found = once("campaigns by the key of satisfaction", campaigns_by_key)
    if campaign is None:
        return found
    return {key: [campaign] for key, campaigns in found.items() if campaign in campaigns}
