"""NPS put together from strata in given shares, as if each had answered in its share."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from analytics.domain.statistics.interval import CONFIDENCE, Interval
from analytics.domain.statistics.nps.counts import nps
from analytics.domain.statistics.nps.intervals import Sample, Shared, correlation, intervals
from analytics.domain.statistics.weighted import MIN_KISH


class Stratum(NamedTuple):
    share: float
    sample: Sample


class Stratified(NamedTuple):
    nps: float
    # None where a stratum has one customer only, or where all together are worth too little.
    interval: Interval | None
    n_effective: float | None


def stratified(
    strata: Sequence[Stratum],
    *,
    shared: Mapping[tuple[int, int], Shared],
    confidence: float = CONFIDENCE,
) -> Stratified | None:
    """Post-stratification (Holt and Smith 1979); None where a stratum has no answer.

    The limits of the strata are squared and added as MOVER does for a sum (Zou and Donner 2008),
    with their correlation where customers are in both; `shared` has it by the places of the two.
    """
    figures = [nps(each.sample.counts) for each in strata]
    known = [each for each in figures if each is not None]
    if not strata or len(known) < len(strata):
        return None
    figure = sum(each.share * value for each, value in zip(strata, known, strict=True))
    limits = intervals([each.sample for each in strata], confidence=confidence)
    found = [each for each in limits if each is not None]
    numbers = [each.sample.n_effective(confidence=confidence) for each in strata]
    if len(found) < len(strata):
        return Stratified(figure, None, None)
    kish = 1 / sum(each.share**2 / (n or 1.0) for each, n in zip(strata, numbers, strict=True))
    if kish < MIN_KISH:
        return Stratified(figure, None, kish)
    rho = {
        (i, j): correlation(strata[i].sample, strata[j].sample, shared=both)
        for (i, j), both in shared.items()
    }
    down = [
        each.share * (value - limit.low)
        for each, value, limit in zip(strata, known, found, strict=True)
    ]
    up = [
        each.share * (limit.high - value)
        for each, value, limit in zip(strata, known, found, strict=True)
    ]
    return Stratified(
        figure, Interval(figure - _length(down, rho), figure + _length(up, rho)), kish
    )


def _length(parts: Sequence[float], rho: Mapping[tuple[int, int], float]) -> float:
    squares = sum(part**2 for part in parts)
    return math.sqrt(squares + 2 * sum(parts[i] * parts[j] * r for (i, j), r in rho.items()))
