"""Who came into another band between two nights."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import F, OuterRef, Q, Subquery

from analytics.models import HealthFormula, HealthScore
from analytics.queries.health.formulas import version_of


@dataclass(frozen=True, slots=True)
class Crossings:
    """Primary keys of customers."""

    better: list[int] = field(default_factory=list)
    worse: list[int] = field(default_factory=list)


def crossings(customers: Q, *, since: dt.date, until: dt.date) -> Crossings:
    """As computed, and by the same version of a formula: another one is no change of theirs.

    `customers`: a condition on scores. Nothing where one of the nights is not stored.
    """
    before = HealthScore.objects.filter(
        customer=OuterRef("customer"), formula=OuterRef("formula"), day=since
    )
    rows = (
        HealthScore.objects.filter(customers, day=until)
        .exclude(band="")
        .annotate(before=Subquery(before.values("band")[:1]))
        .filter(before__gt="")
        .exclude(before=F("band"))
        .values_list("customer_id", "formula_id", "before", "band")
    )
    found, places = Crossings(), _places()
    for pk, formula, earlier, now in rows:
        order = places.get(formula, {})
        if earlier in order and now in order:
            (found.worse if order[now] > order[earlier] else found.better).append(pk)
    return found


def _places() -> dict[int, dict[str, int]]:
    """By formula and band; the best is 0."""
    rows = HealthFormula.objects.filter(published_at__isnull=False)
    return {
        row.pk: {band.name: place for place, band in enumerate(version_of(row).formula.bands)}
        for row in rows
    }
