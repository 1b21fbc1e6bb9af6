"""Does the score come before lost customers, and better than one of its own parts?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.domain.health.evidence.observations import SCORE, Observations, predictor_names
from analytics.domain.health.evidence.ranking import (
    Pairs,
    drawn_aucs,
    interval_of,
    pairs_of,
    tenths,
    worst_tenth,
)
from analytics.domain.health.evidence.weights import fitted_weights, weighed
from analytics.domain.health.facts.series import Places, Values
from analytics.domain.health.formulas.formula import Formula
from analytics.domain.health.scoring import Flags
from analytics.domain.statistics.interval import Interval
from analytics.domain.statistics.nps.counts import Counts
from analytics.domain.statistics.nps.intervals import Sample
from analytics.domain.statistics.shares import share_of

MIN_CHURNED = 20
CHANCE = 0.5


@dataclass(frozen=True, slots=True)
class Predictor:
    name: str
    observations: int
    # None where it is withheld, or there is no pair.
    auc: float | None = None
    limits: Interval | None = None
    # The score's AUC less this one, over the same draws.
    below_score: Interval | None = None


@dataclass(frozen=True, slots=True)
class GroupRate:
    """How many of a band, or of a tenth, left within the horizon."""

    name: str
    observations: int
    churned: int
    churn_rate: float | None = None
    limits: Interval | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """What the data would weigh in one formula, and how that ranks the later third of the days."""

    formula: str
    weights: tuple[tuple[str, int], ...]
    auc: float | None
    auc_now: float | None


@dataclass(frozen=True, slots=True)
class Proof:
    days: int
    customers: int
    observations: int
    churned: int
    churned_customers: int
    left_out: int
    predictors: tuple[Predictor, ...]
    bands: tuple[GroupRate, ...]
    tenths: tuple[GroupRate, ...]
    drafts: tuple[Draft, ...]
    recall_worst_tenth: float | None = None
    lift_worst_tenth: float | None = None

    @property
    def withheld(self) -> bool:
        """So few say nothing that could be told from chance."""
        return self.churned_customers < MIN_CHURNED

    @property
    def score(self) -> Predictor:
        return self.predictors[0]


def are_too_few(rows: Observations) -> bool:
    return rows.churned_customers < MIN_CHURNED


def prove(
    rows: Observations, *, formulas: Sequence[Formula], customers: int, left_out: int
) -> Proof:
    """`customers` is how many there are in all: places run below it."""
    names = predictor_names(formulas)
    withheld = are_too_few(rows)
    scores = rows.predictors[SCORE]
    worst = None if withheld else worst_tenth(scores, rows=rows)
    return Proof(
        days=rows.number_of_days,
        customers=rows.number_of_customers,
        observations=len(rows),
        churned=int(rows.left.sum()),
        churned_customers=rows.churned_customers,
        left_out=left_out,
        predictors=_predictors(names, rows, customers=customers, withheld=withheld),
        bands=band_rates(rows, formulas, withheld=withheld),
        tenths=_tenths(rows, withheld=withheld),
        drafts=() if withheld else tuple(_drafts(rows, formulas, customers=customers)),
        recall_worst_tenth=worst.recall if worst else None,
        lift_worst_tenth=worst.lift if worst else None,
    )


def _predictors(
    names: Sequence[str], rows: Observations, *, customers: int, withheld: bool
) -> tuple[Predictor, ...]:
    if withheld:
        counts = [int((~np.isnan(rows.predictors[name])).sum()) for name in names]
        return tuple(map(Predictor, names, counts))
    pairs = [pairs_of(rows.predictors[name], rows=rows, customers=customers) for name in names]
    there = np.zeros(customers, dtype=bool)
    there[rows.customers] = True
    drawn = drawn_aucs(pairs, taking_part=there)
    return tuple(
        _predictor(name, each, drawn[:, place], score=drawn[:, 0])
        for place, (name, each) in enumerate(zip(names, pairs, strict=True))
    )


def _predictor(name: str, pairs: Pairs, drawn: Values, *, score: Values) -> Predictor:
    if pairs.auc is None:
        return Predictor(name, pairs.observations)
    below = None if name == SCORE else interval_of(score - drawn)
    return Predictor(name, pairs.observations, pairs.auc, interval_of(drawn), below)


def band_rates(
    rows: Observations, formulas: Sequence[Formula], *, withheld: bool
) -> tuple[GroupRate, ...]:
    """Bands of one name are one band, whichever formula they are of."""
    names = list(dict.fromkeys(band.name for each in formulas for band in each.bands))
    found = []
    for name in names:
        inside = np.zeros(len(rows), dtype=bool)
        for place, formula in enumerate(formulas):
            of_name = [number for number, band in enumerate(formula.bands) if band.name == name]
            inside |= (rows.formulas == place) & np.isin(rows.bands, of_name)
        found.append(_rate(name, inside, rows, withheld=withheld))
    return tuple(found)


def _tenths(rows: Observations, *, withheld: bool) -> tuple[GroupRate, ...]:
    places = tenths(rows.predictors[SCORE], rows=rows)
    return tuple(
        _rate(str(place + 1), places == place, rows, withheld=withheld) for place in range(10)
    )


def _rate(name: str, inside: Flags, rows: Observations, *, withheld: bool) -> GroupRate:
    customers, left = rows.customers[inside], rows.left[inside]
    sample = _sample(customers, left)
    share = None if withheld or not len(left) else share_of(sample)
    rate = None if withheld or not len(left) else sample.mean
    limits = share.limits if share else None
    return GroupRate(name, len(left), int(left.sum()), rate, limits)


def _sample(customers: Places, left: Flags) -> Sample:
    """A customer is there on many days: its rows resemble each other."""
    _, places, seen = np.unique(customers, return_inverse=True, return_counts=True)
    gone = np.bincount(places, weights=left, minlength=len(seen)).astype(np.int64)
    churned = int(left.sum())
    return Sample(
        counts=Counts(passives=len(left) - churned, promoters=churned),
        customers=len(seen),
        yy=int((gone * gone).sum()),
        yn=int((gone * seen).sum()),
        nn=int((seen * seen).sum()),
    )


def _drafts(rows: Observations, formulas: Sequence[Formula], *, customers: int) -> list[Draft]:
    """Only where both parts of the days have somebody who left."""
    earlier = rows.days < rows.number_of_days * 2 // 3
    drafts = (
        _draft(rows, place, formula, earlier=earlier, customers=customers)
        for place, formula in enumerate(formulas)
    )
    return [each for each in drafts if each]


def _draft(
    rows: Observations, place: int, formula: Formula, *, earlier: Flags, customers: int
) -> Draft | None:
    mine = (rows.formulas == place) & ~np.isnan(rows.predictors[SCORE])
    points = np.stack([rows.predictors[each.key] for each in formula.measures], axis=1)
    if not len(rows) or not rows.left[mine & ~earlier].any():
        return None
    weights = fitted_weights(points[mine & earlier], left=rows.left[mine & earlier])
    if weights is None:
        return None
    later = mine & ~earlier
    keys = [each.key for each in formula.measures]
    scores = {"now": rows.predictors[SCORE], "draft": weighed(points, weights.astype(float))}
    judged = {
        name: pairs_of(np.where(later, each, np.nan), rows=rows, customers=customers).auc
        for name, each in scores.items()
    }
    chosen = tuple(zip(keys, weights.tolist(), strict=True))
    return Draft(formula.name, chosen, judged["draft"], judged["now"])
