"""What the data would weigh: ridge logistic regression with no weight below 0.

Of the points of each measure on whether the customer left; what is not known stands at its mean.
Fitted on the earlier two thirds of the days, held against the present score on the later third.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.domain.health.facts.series import Values

STEP = 5
WHOLE = 100
RIDGE = 1.0
_ROUNDS = 60
_ENOUGH = 1e-8


def fitted_weights(points: Values, *, left: NDArray[np.bool_]) -> NDArray[np.int64] | None:
    """By measure, in steps of 5 that add up to 100; None where nothing would weigh anything."""
    spread = np.zeros(points.shape[1])
    known = ~np.isnan(points).all(axis=0) if len(points) else spread > 0
    spread[known] = np.nanstd(points[:, known], axis=0)
    usable = spread > 0
    if not usable.any() or not 0 < left.sum() < len(left):
        return None
    chosen = points[:, usable]
    standard = (chosen - np.nanmean(chosen, axis=0)) / spread[usable]
    # Low points are to raise the odds of leaving.
    slopes = _not_negative(-np.nan_to_num(standard), left.astype(np.float64))
    found = np.zeros(points.shape[1])
    found[usable] = slopes / spread[usable]
    return _in_steps(found / found.sum()) if found.sum() > 0 else None


def _not_negative(features: Values, outcome: Values) -> Values:
    """Newton's method; what would fall below 0 stays there while its gradient keeps it there."""
    design = np.hstack([np.ones((len(features), 1)), features])
    penalty = np.array([0.0] + [RIDGE] * features.shape[1])
    rate = outcome.mean()
    found = np.zeros(design.shape[1])
    found[0] = np.log(rate / (1 - rate))
    for _ in range(_ROUNDS):
        chance = 1 / (1 + np.exp(-design @ found))
        gradient = design.T @ (chance - outcome) + penalty * found
        free = (found > 0) | (gradient < 0)
        free[0] = True
        if np.abs(gradient[free]).max() < _ENOUGH * len(outcome):
            break
        part = design[:, free]
        curve = (part * (chance * (1 - chance))[:, None]).T @ part + np.diag(penalty[free])
        step = np.linalg.solve(curve, gradient[free])
        found = _stepped(found, free, step, design=design, outcome=outcome, penalty=penalty)
    slopes: Values = found[1:]
    return slopes


def _stepped(
    found: Values,
    free: NDArray[np.bool_],
    step: Values,
    *,
    design: Values,
    outcome: Values,
    penalty: Values,
) -> Values:
    """As far as the loss falls, at most the whole step."""
    before = _loss(found, design, outcome, penalty)
    size = 1.0
    while size > _ENOUGH:
        tried = found.copy()
        tried[free] -= size * step
        tried[1:] = np.maximum(tried[1:], 0)
        if _loss(tried, design, outcome, penalty) <= before:
            return tried
        size /= 2
    return found


def _loss(slopes: Values, design: Values, outcome: Values, penalty: Values) -> float:
    odds = design @ slopes
    likelihood = np.logaddexp(0, odds) - outcome * odds
    return float(likelihood.sum() + (penalty * slopes**2).sum() / 2)


def _in_steps(shares: Values) -> NDArray[np.int64]:
    """By largest remainder, so that they still add up to the whole."""
    wanted = shares * (WHOLE / STEP)
    steps = np.floor(wanted)
    missing = int(WHOLE / STEP - steps.sum())
    steps[np.argsort(-(wanted - steps), kind="stable")[:missing]] += 1
    return (steps * STEP).astype(np.int64)


def weighed(points: Values, weights: Values) -> Values:
    """A score by other weights, shared out over the known; NaN where nothing is known."""
    known = ~np.isnan(points) * weights
    total = known.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(total > 0, (np.nan_to_num(points) * known).sum(axis=1) / total, np.nan)


def reweighed(definition: Mapping[str, Any], weights: Mapping[str, int]) -> dict[str, Any]:
    """The JSON of a formula with these weights; a measure that would weigh nothing is left out."""
    measures = [
        {**each, "weight": weights[each["key"]]}
        for each in definition["measures"]
        if weights.get(each["key"])
    ]
    return {**definition, "measures": measures}
