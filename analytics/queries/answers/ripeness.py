"""How long e-mails waited for their answer."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
from django.db.models import Case, DateTimeField, F, QuerySet, Value, When
from django.db.models.functions import Coalesce, Mod

from analytics.domain.answers.cells import UNKNOWN_CUSTOMER
from analytics.domain.answers.rates.ripeness import Sent
from analytics.queries.answers.invitations import chosen_invitations
from analytics.queries.database.clock import bounds, midnight
from analytics.queries.database.columns import (
    Moment,
    columns_with_keys,
    packed_groups,
    seconds_of_moments,
)
from analytics.queries.filters import Filters
from surveys.domain.states import ASKED

_DAY = 24 * 60 * 60
# Stands for the answer that has not come.
_NEVER = dt.datetime(1971, 1, 1, tzinfo=dt.UTC)


def read_sent(filters: Filters, *, today: dt.date, every: int = 1) -> Sent:
    """What is known of them since today began is left out: it is no whole day yet.

    `every`: of so many customers one with all its e-mails, by its number; a respondent without a
    customer stands for one.
    """
    came = When(response__suspect=False, then=F("response__answered_at"))
    answered_at = Case(came, default=Value(_NEVER), output_field=DateTimeField())
    customer = Coalesce("respondent__customer_id", UNKNOWN_CUSTOMER)
    rows = _sent_in(filters)
    if every > 1:
        owner = Coalesce("respondent__customer_id", "respondent_id")
        rows = rows.alias(turn=Mod(owner, every)).filter(turn=0)
    groups = packed_groups(rows, by=[], columns=[Moment("sent_at"), Moment(answered_at), customer])
    (sent, answered, customers), _ = columns_with_keys(groups, width=3)
    # In spans of 24 hours: the day of an e-mail of the evening is as long as that of any other.
    known = (midnight(today).timestamp() - seconds_of_moments(sent)) // _DAY
    delays = np.where(answered >= sent, (answered - sent) // (_DAY * 1_000_000), np.inf)
    return Sent(delays, np.maximum(known, 0).astype(np.int64), customers)


def _sent_in(filters: Filters) -> QuerySet[Any]:
    start, end = bounds(filters.period)
    found = chosen_invitations(filters)
    return found.filter(sent_at__gte=start, sent_at__lt=end, state__in=ASKED)
