"""What was known of each customer on each observation day, and whether it then left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.domain.health.day import Facts, ScoredPart, score_day
from analytics.domain.health.facts.series import Places, Values
from analytics.domain.health.formulas.formula import Formula, plain_measure
from analytics.domain.health.formulas.sources import Source, SourceKind
from analytics.domain.health.scoring import Flags

# Held against the score as they are: the author of a formula would expect low ones to be worse.
RAW = (SourceKind.NPS_LAST, SourceKind.MRR, SourceKind.TENURE_MONTHS)
SCORE = "score"


@dataclass(frozen=True, eq=False)
class Observations:
    """One row per customer and observation day."""

    customers: Places
    # The place of the day in the list of observation days.
    days: NDArray[np.intp]
    # Whether the customer left within the horizon.
    left: Flags
    # By name, of which low is worse: `score`, the measures' points, and the raw ones.
    predictors: Mapping[str, Values]
    # The place of the formula, and of the band in it; -1 where there is none.
    formulas: NDArray[np.intp]
    bands: NDArray[np.intp]
    number_of_days: int

    def __len__(self) -> int:
        return len(self.customers)

    @property
    def number_of_customers(self) -> int:
        return len(np.unique(self.customers))

    @property
    def churned_customers(self) -> int:
        return len(np.unique(self.customers[self.left]))


def observation_days(first: int, last: int, *, every: int) -> list[int]:
    return list(range(first, last + 1, every))


def observe(
    days: Sequence[int],
    *,
    horizon: int,
    last_known: int,
    formulas: Sequence[Formula],
    facts: Facts,
) -> tuple[Observations, int]:
    """And how many rows were left out because nobody knows yet what became of them."""
    followed = [day for day in days if day + horizon <= last_known]
    unfollowed = [day for day in days if day + horizon > last_known]
    left_out = sum(int(facts.there_on(day).sum()) for day in unfollowed)
    names = predictor_names(formulas)
    tables = [
        _table(day, place, horizon, formulas, facts, names) for place, day in enumerate(followed)
    ]
    return _joined(tables, names, len(followed)), left_out


def predictor_names(formulas: Sequence[Formula]) -> list[str]:
    """The score first, the measures, then the raw ones that no measure has the name of."""
    keys = [each.key for formula in formulas for each in formula.measures]
    return list(dict.fromkeys([SCORE, *keys, *map(str, RAW)]))


def _joined(
    tables: Sequence[dict[str, NDArray[np.float64]]], names: Sequence[str], days: int
) -> Observations:
    columns = ["_customer", "_day", "_left", "_formula", "_band", *names]
    joined = {
        name: np.concatenate([table[name] for table in tables]) if tables else np.empty(0)
        for name in columns
    }
    return Observations(
        customers=joined["_customer"].astype(np.intp),
        days=joined["_day"].astype(np.intp),
        left=joined["_left"].astype(bool),
        predictors={name: joined[name] for name in names},
        formulas=joined["_formula"].astype(np.intp),
        bands=joined["_band"].astype(np.intp),
        number_of_days=days,
    )


def _table(
    day: int,
    place: int,
    horizon: int,
    formulas: Sequence[Formula],
    facts: Facts,
    names: Sequence[str],
) -> dict[str, NDArray[np.float64]]:
    there = np.flatnonzero(facts.there_on(day))
    whole = {name: np.full(len(facts.started), np.nan) for name in names}
    whole |= {name: np.full(len(facts.started), -1.0) for name in ("_formula", "_band")}
    # A measure of the same name stands in its place, also for whom it is not known.
    for raw in set(RAW) - {each.key for formula in formulas for each in formula.measures}:
        whole[raw] = _raw(raw, day, facts)
    for part in score_day(day, formulas=formulas, facts=facts):
        _fill(whole, part)
    found = {name: column[there] for name, column in whole.items()}
    leaving = facts.churned[there] <= day + horizon
    return {
        **found,
        "_customer": there.astype(np.float64),
        "_day": np.full(len(there), float(place)),
        "_left": leaving.astype(np.float64),
    }


def _fill(whole: dict[str, NDArray[np.float64]], part: ScoredPart) -> None:
    scores, customers = part.scores, part.customers
    whole[SCORE][customers] = scores.score
    whole["_formula"][customers] = part.place
    whole["_band"][customers] = scores.bands
    for column, measure in enumerate(scores.formula.measures):
        points = np.where(scores.too_new, np.nan, scores.points[:, column])
        whole[measure.key][customers] = points


def _raw(kind: SourceKind, day: int, facts: Facts) -> Values:
    return facts.series[Source(kind)].on(day, plain_measure(Source(kind))).copy()
