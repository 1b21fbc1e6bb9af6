"""E-mails that may still be answered, and how long the others waited for their answer."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
from django.db.models import Case, DateTimeField, F, QuerySet, Value, When

from accounts.queries.owners import accounts_of
from analytics.domain.answers.ripeness import Sent, unripe_part
from analytics.domain.periods import Period
from analytics.queries.database.clock import bounds, midnight
from analytics.queries.database.columns import (
    Moment,
    columns_with_keys,
    packed_groups,
    seconds_of_moments,
)
from analytics.queries.filters import Filters
from surveys.domain.states import ASKED, CampaignState
from surveys.models import Invitation

_DAY = 24 * 60 * 60
# Stands for the answer that has not come.
_NEVER = dt.datetime(1971, 1, 1, tzinfo=dt.UTC)


def count_unripe(filters: Filters, *, today: dt.date) -> int:
    """Of the period's e-mails, whatever their segment, those that may still be answered."""
    part = unripe_part(filters.period, today=today)
    if part is None:
        return 0
    # Nobody waits for answers to what another system sent.
    found = _sent_in(part).exclude(campaign__state=CampaignState.IMPORTED)
    if filters.campaign:
        found = found.filter(campaign__slug=filters.campaign)
    if filters.language:
        found = found.filter(language=filters.language)
    if filters.owner:
        found = found.filter(respondent__customer__in=accounts_of(filters.owner))
    return found.count()


def read_sent(period: Period, *, today: dt.date) -> Sent:
    """What is known of them since today began is left out: it is no whole day yet."""
    came = When(response__suspect=False, then=F("response__answered_at"))
    answered_at = Case(came, default=Value(_NEVER), output_field=DateTimeField())
    groups = packed_groups(
        _sent_in(period), by=[], columns=[Moment("sent_at"), Moment(answered_at)]
    )
    (sent, answered), _ = columns_with_keys(groups, width=2)
    # In spans of 24 hours: the day of an e-mail of the evening is as long as that of any other.
    known = (midnight(today).timestamp() - seconds_of_moments(sent)) // _DAY
    delays = np.where(answered >= sent, (answered - sent) // (_DAY * 1_000_000), np.inf)
    return Sent(delays, np.maximum(known, 0).astype(np.int64))


def _sent_in(period: Period) -> QuerySet[Any]:
    start, end = bounds(period)
    return Invitation.objects.filter(sent_at__gte=start, sent_at__lt=end, state__in=ASKED)
