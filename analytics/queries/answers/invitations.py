"""Invitations that the filters of a report let through."""

from __future__ import annotations

import numpy as np
from django.db.models import Q, QuerySet

from accounts.queries.customers.owners import accounts_of
from analytics.queries.answers.profiles import (
    NO_PROFILE,
    Segments,
    all_profiles,
    numbers_by_profile,
)
from analytics.queries.filters import Filters
from surveys.models import Invitation


def chosen_invitations(filters: Filters) -> QuerySet[Invitation]:
    """Of any day; by segment as it was frozen, so not in the view of now."""
    found = Invitation.objects.order_by()
    if filters.campaign:
        found = found.filter(campaign__slug=filters.campaign)
    if filters.language:
        found = found.filter(language=filters.language)
    if filters.owner:
        found = found.filter(respondent__customer__in=accounts_of(filters.owner))
    if filters.where and filters.as_of is None:
        found = found.filter(_in_segments(filters))
    return found


def _in_segments(filters: Filters) -> Q:
    numbers = numbers_by_profile(all_profiles(), segments=Segments(()), where=filters.where)
    chosen = np.flatnonzero(numbers >= 0).tolist()
    frozen = Q(profile__in=[pk for pk in chosen if pk != NO_PROFILE])
    return frozen | Q(profile=None) if NO_PROFILE in chosen else frozen
