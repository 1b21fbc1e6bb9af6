"""The address of a figure's customers, read by the list of customers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.labels import value_label
from accounts.models import Dimension
from accounts.queries.customers.behind import Behind
from analytics.counting.behind import FIGURES, Asked, customers_behind
from analytics.domain.metrics.catalogue import ANSWERS, BY_KEY, INVITATIONS
from analytics.domain.metrics.times import TIMES
from analytics.domain.periods import Period
from analytics.labels import group_label
from analytics.labels.metrics import metric_name
from analytics.queries.filters import FilterError, Filters
from analytics.reports.answers.csat import CATEGORIES
from analytics.templatetags import behind

LABELS: Mapping[str, str | Promise] = {
    "at_start": gettext_lazy("Customers at the start"),
    "churned": gettext_lazy("Customers that left"),
    "mrr_start": gettext_lazy("Customers with MRR at the start"),
    "mrr_lost": gettext_lazy("Customers that pay less, or nothing any more"),
    "mrr_more": gettext_lazy("Customers that pay more"),
    "stayed": gettext_lazy("Customers that stayed"),
    "moved_lost": gettext_lazy("Customers that pay less, or nothing any more"),
    "moved_start": gettext_lazy("Customers with MRR at the start"),
    "moved_new": gettext_lazy("Customers with new MRR"),
    "moved_expansion": gettext_lazy("Customers that pay more"),
    "moved_reactivated": gettext_lazy("Customers that pay again"),
    "moved_contraction": gettext_lazy("Customers that pay less"),
    "moved_churned": gettext_lazy("Customers that pay nothing any more"),
    "moved_end": gettext_lazy("Customers with MRR at the end"),
    "product_expansion": gettext_lazy("Customers that pay for more of a product"),
    "product_upgrade": gettext_lazy("Customers that pay more for as much of a product"),
    "product_cross_sell": gettext_lazy("Customers that pay for a further product"),
    "product_contraction": gettext_lazy("Customers that pay less for a product"),
    "product_stayed": gettext_lazy("Customers with MRR at start and at end"),
    "started": gettext_lazy("Customers that started"),
    "onboarding_late": gettext_lazy("Customers whose onboarding takes longer than usual"),
    "first_paid": gettext_lazy("Customers that paid for the first time"),
    "asked": gettext_lazy("Customers that were asked"),
    "left": gettext_lazy("Customers that left after they were asked"),
    "still_there": gettext_lazy("Customers that were asked and are still there"),
    "units": gettext_lazy("Customers in the denominator"),
    "hits": gettext_lazy("Customers in the numerator"),
    "misses": gettext_lazy("Customers outside the numerator"),
    "paying": gettext_lazy("Customers that pay"),
    "lost": gettext_lazy("Customers that left"),
    "followed": gettext_lazy("Customers whose revenue is followed"),
}

# Of a metric that is a time, which has no numerator.
TIME_LABELS: Mapping[str, str | Promise] = {
    "units": gettext_lazy("Customers counted"),
    "hits": gettext_lazy("Customers that are done"),
    "misses": gettext_lazy("Customers still waiting"),
}
ANSWER_LABELS: Mapping[str, str | Promise] = {
    ANSWERS: gettext_lazy("Answers"),
    f"{ANSWERS}:promoter": gettext_lazy("Promoters"),
    f"{ANSWERS}:detractor": gettext_lazy("Detractors"),
    f"{ANSWERS}:answered": gettext_lazy("Answers to the question of satisfaction"),
    f"{ANSWERS}:satisfied": gettext_lazy("4 or 5"),
    INVITATIONS: gettext_lazy("Invitations"),
    f"{INVITATIONS}:answered": gettext_lazy("Answered invitations"),
}


def choose(query: QueryDict, reader: str) -> Behind | None:
    """None: the address names no figure, or what it asks for cannot be."""
    try:
        asked = _asked(query, reader)
        return Behind(customers_behind(asked), _title(asked))
    except (FilterError, KeyError, ValueError):
        return None


def label_of(name: str) -> str:
    """Of a list that a metric opens."""
    what, _colon, key = name.partition(":")
    if key in TIMES:
        return str(TIME_LABELS[what])
    return str(ANSWER_LABELS.get(name) or LABELS[what])


def url_of(
    name: str,
    filters: Filters,
    segment: behind.Segment | None = None,
    period: Period | None = None,
) -> str:
    what, _colon, kind = name.partition(":")
    if what == INVITATIONS:
        return behind.invitations_behind(filters, segment, period, "yes" if kind else "")
    if what != ANSWERS:
        return behind.customers_behind(filters, name, segment, period)
    if kind in CATEGORIES:
        return behind.responses_behind(filters, kind, segment, period)
    return behind.responses_behind(filters, "", segment, period, satisfaction=kind)


def _asked(query: QueryDict, reader: str) -> Asked:
    first, last = (dt.date.fromisoformat(str(query[name])) for name in ("from", "to"))
    where: dict[str, list[str]] = {}
    for text in query.getlist("where"):
        name, _equals, value = text.partition("=")
        where.setdefault(name, []).append(value)
    filters = Filters(
        Period.from_inclusive(first, last),
        where=where,
        owner=reader if query.get("mine") else "",
        campaign=query.get("campaign", ""),
        language=query.get("language", ""),
    )
    figure = str(query["figure"])
    if figure not in FIGURES:
        raise KeyError(figure)
    horizon = int(query.get("horizon") or 0)
    return Asked(figure, filters, timezone.localdate(), horizon_days=horizon)


def _title(asked: Asked) -> str:
    group = asked.figure.partition(":")[2]
    period = asked.filters.period
    named = Dimension.objects.filter(name__in=asked.filters.where)
    names = {each.name: str(each) for each in named}
    parts = [
        label_of(asked.figure),
        *([metric_name(group) if group in BY_KEY else group_label(group)] if group else []),
        *(
            f"{names.get(name, name)} = {', '.join(value_label(name, each) for each in values)}"
            for name, values in asked.filters.where.items()
        ),
        _("%(first)s to %(last)s")
        % {
            "first": date_format(period.start, "DATE_FORMAT"),
            "last": date_format(period.last_day, "DATE_FORMAT"),
        },
    ]
    return " · ".join(parts)
