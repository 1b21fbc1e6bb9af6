"""Links from a figure to what stands behind it, with the filters that it was counted with.

Each is empty where the list cannot show the same: of answers in the segments of now, which are
frozen nowhere.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from django import template
from django.urls import reverse

from accounts.domain.segments import UNKNOWN
from accounts.forms.access.staff import SEGMENT_PREFIX, UNKNOWN_CHOICE
from analytics.domain.metrics.catalogue import BY_KEY
from analytics.domain.periods import Period, month_of
from analytics.queries.filters import Filters

register = template.Library()
Segment = Mapping[str, str]
Query = dict[str, str | Sequence[str]]


@register.simple_tag
def responses_behind(
    filters: Filters,
    category: str = "",
    segment: Segment | None = None,
    period: Period | None = None,
    satisfaction: str = "",
) -> str:
    if filters.as_of is not None:
        return ""
    query = _of_answers(filters, segment, period)
    query |= {"category": category, "satisfaction": satisfaction}
    return f"{reverse('surveys:response-list')}?{_written(query)}"


@register.simple_tag
def invitations_behind(
    filters: Filters,
    segment: Segment | None = None,
    period: Period | None = None,
    answered: str = "",
) -> str:
    if filters.as_of is not None:
        return ""
    query = _of_answers(filters, segment, period) | {"answered": answered}
    return f"{reverse('surveys:invitation-list')}?{_written(query)}"


@register.simple_tag
def customers_behind(
    filters: Filters,
    figure: str,
    segment: Segment | None = None,
    period: Period | None = None,
    horizon: int | str = "",
    month: str = "",
) -> str:
    """`month`: such as 2026-03, in place of the period."""
    if month:
        period = month_of(dt.date.fromisoformat(f"{month}-01"))
    if filters.as_of is not None:
        return ""
    where = _where(filters, segment)
    metric = BY_KEY.get(figure.partition(":")[2])
    narrowed = metric is not None and metric.rests_on_answers
    query: Query = {
        "figure": figure,
        **_days(period or filters.period, first="from", last="to"),
        "horizon": str(horizon),
        "where": [f"{name}={value}" for name, values in where.items() for value in values],
        "mine": "1" if filters.owner else "",
        **({"campaign": filters.campaign, "language": filters.language} if narrowed else {}),
    }
    return f"{reverse('customers:list')}?{_written(query)}"


def _of_answers(filters: Filters, segment: Segment | None, period: Period | None) -> Query:
    return {
        **_days(period or filters.period, first="from_", last="to"),
        "campaign": filters.campaign,
        "language": filters.language,
        "mine": "1" if filters.owner else "",
        **{
            SEGMENT_PREFIX + name: [UNKNOWN_CHOICE if each == UNKNOWN else each for each in values]
            for name, values in _where(filters, segment).items()
        },
    }


def _where(filters: Filters, segment: Segment | None) -> dict[str, Sequence[str]]:
    """The row's own values are among those that the report was limited to."""
    return {**filters.where, **{name: [value] for name, value in (segment or {}).items()}}


def _days(period: Period, *, first: str, last: str) -> Query:
    return {first: period.start.isoformat(), last: period.last_day.isoformat()}


def _written(query: Query) -> str:
    return urlencode({name: value for name, value in query.items() if value}, doseq=True)
