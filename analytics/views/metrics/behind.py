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
from accounts.queries.behind import Behind
from analytics.counting.behind import FIGURES, Asked, customers_behind
from analytics.domain.metrics.catalogue import BY_KEY
from analytics.domain.periods import Period
from analytics.labels import group_label
from analytics.labels.metrics import metric_name
from analytics.queries.filters import FilterError, Filters

LABELS: Mapping[str, str | Promise] = {
    "at_start": gettext_lazy("Customers at the start"),
    "churned": gettext_lazy("Customers that left"),
    "mrr_start": gettext_lazy("Customers with MRR at the start"),
    "mrr_lost": gettext_lazy("Customers that pay less, or nothing any more"),
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
}


def choose(query: QueryDict, reader: str) -> Behind | None:
    """None: the address names no figure, or what it asks for cannot be."""
    try:
        asked = _asked(query, reader)
        return Behind(customers_behind(asked), _title(asked))
    except (FilterError, KeyError, ValueError):
        return None


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
    )
    figure = str(query["figure"])
    if figure not in FIGURES:
        raise KeyError(figure)
    horizon = int(query.get("horizon") or 0)
    return Asked(figure, filters, timezone.localdate(), horizon_days=horizon)


def _title(asked: Asked) -> str:
    what, _colon, group = asked.figure.partition(":")
    period = asked.filters.period
    named = Dimension.objects.filter(name__in=asked.filters.where)
    names = {each.name: str(each) for each in named}
    parts = [
        str(LABELS[what]),
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
