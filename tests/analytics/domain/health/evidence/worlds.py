"""Observations drawn by chance, with a known relation of the score to leaving."""

from __future__ import annotations

import numpy as np

from analytics.domain.health.evidence.observations import Observations


def drawn(
    customers: int, days: int, *, seed: int = 1, slope: float = 3.0, rate: float = 0.1
) -> Observations:
    """`slope` is how much more often those of low points leave; a second measure tells nothing."""
    chance = np.random.default_rng(seed)
    points = chance.uniform(0, 100, (days, customers))
    noise = chance.uniform(0, 100, (days, customers))
    odds = np.log(rate / (1 - rate)) + slope * (0.5 - points / 100)
    left = chance.uniform(size=points.shape) < 1 / (1 + np.exp(-odds))
    known = chance.uniform(size=points.shape) < 0.9
    score = np.round(0.5 * points + 0.5 * noise)
    return Observations(
        customers=np.tile(np.arange(customers), days),
        days=np.repeat(np.arange(days), customers),
        left=left.ravel(),
        predictors={
            "score": score.ravel(),
            "signal": np.where(known, points, np.nan).ravel(),
            "noise": noise.ravel(),
            "nps_last": np.full(points.size, np.nan),
            "mrr": noise.ravel(),
            "tenure_months": points.ravel(),
        },
        formulas=np.zeros(points.size, dtype=np.intp),
        bands=np.where(score >= 70, 0, np.where(score >= 40, 1, 2)).ravel(),
        number_of_days=days,
    )
