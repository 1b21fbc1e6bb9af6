"""Where customers stand by the last stored scores, and which of them are at risk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Max

from analytics.domain.health.formulas.formula import Band
from analytics.models import HealthFormula, HealthOverride, HealthScore
from analytics.queries.health.formulas import version_of
from analytics.queries.health.overrides import bands_set_by_hand

BEST, BETWEEN, WORST = "best", "between", "worst"


@dataclass(frozen=True, slots=True)
class Standing:
    score: float | None
    # As set by hand, else as computed; empty where there is none.
    band: str
    is_by_hand: bool
    # best, between or worst of its formula's bands; empty where it is none of them.
    rank: str
    too_new: bool
    # How closely its formula has the customers of the band cared for; empty where there is none.
    touch: str = ""


def last_scored_day(*, until: dt.date) -> dt.date | None:
    found: dt.date | None = HealthScore.objects.filter(day__lte=until).aggregate(last=Max("day"))[
        "last"
    ]
    return found


def standings(
    customers: Collection[int], *, day: dt.date | None, today: dt.date
) -> dict[int, Standing]:
    """By the scores of the day; who has none is not in it."""
    if day is None:
        return {}
    rows = HealthScore.objects.filter(day=day, customer__in=customers)
    by_hand = bands_set_by_hand(customers, on=today)
    bands = _bands()
    ranks = _ranks(bands)
    return {
        pk: Standing(
            score,
            named := by_hand.get(pk, band),
            pk in by_hand,
            ranks.get(formula, {}).get(named, ""),
            too_new,
            _touch(bands.get(formula, ()), named),
        )
        for pk, formula, score, band, too_new in rows.values_list(
            "customer_id", "formula_id", "score", "band", "too_new"
        )
    }


def at_risk(*, day: dt.date | None, today: dt.date) -> list[int]:
    """Those in the worst band of their formula, by hand or as computed."""
    if day is None:
        return []
    scored = HealthScore.objects.filter(day=day)
    overrides = HealthOverride.objects.active_on(today)
    by_hand = dict(overrides.values_list("customer_id", "band"))
    worst = {pk: [band for band, rank in bands.items() if rank == WORST]
             for pk, bands in _ranks(_bands()).items()}  # fmt: skip
    found = {
        pk
        for formula, bands in worst.items()
        for pk in scored.filter(formula=formula, band__in=bands).values_list(
            "customer_id", flat=True
        )
    } - set(by_hand)
    formulas = scored.filter(customer__in=by_hand).values_list("customer_id", "formula_id")
    found |= {pk for pk, formula in formulas if by_hand[pk] in worst.get(formula, ())}
    return sorted(found)


def _bands() -> dict[int, tuple[Band, ...]]:
    """By formula, the best first."""
    published = HealthFormula.objects.filter(published_at__isnull=False)
    return {row.pk: version_of(row).formula.bands for row in published}


def _touch(bands: Sequence[Band], name: str) -> str:
    return next((each.touch or "" for each in bands if each.name == name), "")


def _ranks(bands: Mapping[int, Sequence[Band]]) -> dict[int, dict[str, str]]:
    """By formula and band."""
    ranks: dict[int, dict[str, str]] = {}
    for pk, each in bands.items():
        names = [band.name for band in each]
        ranks[pk] = dict.fromkeys(names, BETWEEN) | {names[0]: BEST, names[-1]: WORST}
    return ranks


def worst_borders() -> dict[int, float]:
    """By formula the score from which on a customer is above its worst band."""
    return {pk: each[-2].lowest for pk, each in _bands().items() if len(each) > 1}
