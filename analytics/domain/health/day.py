"""Everybody's score on one day, each by the first formula that applies."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.domain.health.facts.series import Places, Series, Values
from analytics.domain.health.formulas.formula import CapReason, Formula
from analytics.domain.health.formulas.scope import assign
from analytics.domain.health.formulas.sources import Source
from analytics.domain.health.scoring import Flags, Scores, score, values_on


@dataclass(frozen=True, eq=False)
class Facts:
    """What is known of the customers 0..n-1; days are whole numbers since 1970."""

    # NaN where the start is not known, and of those who have not left.
    started: Values
    churned: Values
    series: Mapping[Source, Series]
    # The values of the dimensions on a day: a row per customer.
    segments: Callable[[int], pd.DataFrame]
    # By reason, whom a cap holds on a day.
    caps: Mapping[CapReason, Callable[[int], Flags]] = field(default_factory=dict)

    def there_on(self, day: int) -> Flags:
        """Started by the day, as far as is known, and not gone by it."""
        return ~(self.started > day) & ~(self.churned <= day)


@dataclass(frozen=True, eq=False)
class ScoredPart:
    """The customers that one of the formulas applies to on a day."""

    place: int
    customers: Places
    scores: Scores


def score_day(day: int, *, formulas: Sequence[Formula], facts: Facts) -> list[ScoredPart]:
    there = facts.there_on(day)
    chosen = assign(formulas, facts.segments(day))
    held = {reason: capped(day) for reason, capped in facts.caps.items()}
    return [
        _part(day, place, np.flatnonzero(there & (chosen == place)), formulas, facts, held)
        for place in range(len(formulas))
    ]


def _part(
    day: int,
    place: int,
    customers: NDArray[np.intp],
    formulas: Sequence[Formula],
    facts: Facts,
    held: Mapping[CapReason, Flags],
) -> ScoredPart:
    formula = formulas[place]
    values = values_on(day, formula=formula, series=facts.series)[customers]
    scores = score(
        formula,
        values,
        too_new=day - facts.started[customers] < formula.too_new_days,
        capped={reason: flags[customers] for reason, flags in held.items()},
    )
    return ScoredPart(place, customers, scores)
