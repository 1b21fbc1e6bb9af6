"""From the values of a day to scores, parts, caps and bands; whole columns of customers at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from analytics.domain.health.facts.series import Series, Values, divided, relative_change
from analytics.domain.health.formulas.formula import (
    CapReason,
    Direction,
    Formula,
    Measure,
    plain_measure,
)
from analytics.domain.health.formulas.sources import Source

Flags = NDArray[np.bool_]
# Scores within a rounding error of a band's limit are in it.
_DECIMALS = 9


@dataclass(frozen=True, eq=False)
class Scores:
    """Of the customers that one formula was applied to; a row each, a column per measure."""

    formula: Formula
    values: Values
    # NaN where the value is.
    points: Values
    # Customers too young to be judged.
    too_new: Flags
    # By reason, whom a cap holds.
    capped: Mapping[CapReason, Flags]

    @cached_property
    def weights(self) -> Values:
        """What each measure weighs here: those of unknown ones are shared out over the known."""
        known = ~np.isnan(self.values)
        weights = known * _weights(self.formula)
        total = self.formula.total_weight
        return (
            weights
            * np.nan_to_num(divided(np.full(len(weights), total), weights.sum(axis=1)))[:, None]
        )

    @cached_property
    def known_share(self) -> Values:
        return known_share(self.formula, self.values)

    @cached_property
    def contributions(self) -> Values:
        """To the score before caps, which is their sum; 0 of what is not known."""
        return np.nan_to_num(self.points) * self.weights / self.formula.total_weight

    @cached_property
    def uncapped(self) -> Values:
        """NaN where too little is known, or the customer is too new."""
        found = np.round(self.contributions.sum(axis=1), _DECIMALS)
        return np.where(scored(self.formula, self.values, too_new=self.too_new), found, np.nan)

    @cached_property
    def score(self) -> Values:
        found = self.uncapped
        for cap in self.formula.caps:
            found = np.where(self.capped[cap.when], np.minimum(found, cap.at_most), found)
        return found

    @cached_property
    def caps(self) -> NDArray[np.intp]:
        """The place of the cap that decided the score, -1 where none did."""
        found = np.full(len(self.values), -1, dtype=np.intp)
        lowest = self.uncapped
        for place, cap in enumerate(self.formula.caps):
            lower = self.capped[cap.when] & (lowest > cap.at_most)
            found[lower] = place
            lowest = np.where(lower, cap.at_most, lowest)
        return found

    @cached_property
    def bands(self) -> NDArray[np.intp]:
        """The place of the band, -1 where there is no score."""
        return band_places(self.formula, self.score)


def band_places(formula: Formula, scores: Values) -> NDArray[np.intp]:
    rising = np.array([each.lowest for each in reversed(formula.bands)])
    found = len(rising) - np.searchsorted(rising, np.nan_to_num(scores), side="right")
    return np.where(np.isnan(scores), -1, found)


def known_share(formula: Formula, values: Values) -> Values:
    """Of the weight, how much stands on something that is known."""
    weights = (~np.isnan(values) * _weights(formula)).sum(axis=1)
    found: Values = weights / formula.total_weight
    return found


def scored(formula: Formula, values: Values, *, too_new: Flags) -> Flags:
    # A share of exactly the minimum is enough, whatever floats make of it.
    enough = known_share(formula, values) >= formula.min_known_share - 10**-_DECIMALS
    found: Flags = enough & ~too_new
    return found


def score(
    formula: Formula,
    values: Values,
    *,
    too_new: Flags,
    capped: Mapping[CapReason, Flags] | None = None,
) -> Scores:
    """`values` has a row per customer and a column per measure, NaN where it is not known."""
    cohort = scored(formula, values, too_new=too_new)
    columns = [
        measure_points(each, values[:, place], cohort=cohort)
        for place, each in enumerate(formula.measures)
    ]
    points = np.stack(columns, axis=1) if len(values) else np.empty(values.shape)
    held = dict.fromkeys(CapReason, np.zeros(len(values), dtype=bool)) | dict(capped or {})
    return Scores(formula, values, points, too_new, held)


def measure_points(measure: Measure, values: Values, *, cohort: Flags) -> Values:
    """0 to 100; percentiles are among the `cohort`: who is scored by the formula on the day."""
    if measure.knots is not None:
        xs, ys = zip(*measure.knots, strict=True)
        return np.where(np.isnan(values), np.nan, np.interp(values, xs, ys))
    found = mid_ranks(values, among=values[cohort])
    return 100 - found if measure.direction is Direction.LOW_IS_GOOD else found


def mid_ranks(values: Values, *, among: Values) -> Values:
    """The share of the others that are lower, ties half, x 100; NaN of NaN, and among none."""
    known = np.sort(among[~np.isnan(among)])
    if not len(known):
        return np.full(len(values), np.nan)
    lower = np.searchsorted(known, values, side="left")
    not_higher = np.searchsorted(known, values, side="right")
    return np.where(np.isnan(values), np.nan, (lower + not_higher) / 2 / len(known) * 100)


def values_on(day: int, *, formula: Formula, series: Mapping[Source, Series]) -> Values:
    """Of every customer, a column per measure of the formula."""
    return np.stack([_value_on(day, each, series) for each in formula.measures], axis=1)


def _value_on(day: int, measure: Measure, series: Mapping[Source, Series]) -> Values:
    now = _per(day, measure, series)
    if not measure.is_change:
        return now
    # What it is divided by may have changed as well.
    end = series[measure.source].window_before(day, measure)
    return relative_change(now, _per(end, measure, series))


def _per(day: int, measure: Measure, series: Mapping[Source, Series]) -> Values:
    found = series[measure.source].on(day, measure)
    if measure.per is None:
        return found
    # The age that a measure may have is not that of what it is divided by.
    return divided(found, series[measure.per].on(day, plain_measure(measure.per)))


def _weights(formula: Formula) -> Values:
    return np.array([each.weight for each in formula.measures])
