"""Score interval of an NPS of independent answers: Tango (1998); Rocks (2016) for its use on NPS.

What is shown comes from `intervals.py` beside this, which calls it with effective numbers:
answers of one customer resemble each other.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from analytics.domain.statistics.interval import CONFIDENCE, Floats, quantile
from analytics.domain.statistics.nps.counts import POINTS

# Halving the range [-1, 1] this often reaches the spacing of floats.
_HALVINGS = 54


def score_limits(
    detractors: ArrayLike,
    *,
    passives: ArrayLike,
    promoters: ArrayLike,
    confidence: float = CONFIDENCE,
) -> tuple[Floats, Floats]:
    """Score (Tango) interval of many cells at once; NaN where a cell is empty.

    1. For a supposed NPS `delta`, z(delta) is how many standard errors the observed one is away.
    2. z falls steadily, so halving finds the two deltas at +z and -z.
    3. Where all answers are of one category, the limits have closed forms.
    """
    lost, neutral, won, answers = _cells(detractors, passives, promoters)
    z = quantile(confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = (won - lost) / answers
        # Both limits at once: they take as long as one.
        low, high = _solve(
            lost,
            won,
            answers,
            goal=np.array([[z], [-z]]),
            below=np.stack([np.full_like(mean, -1.0), mean]),
            above=np.stack([mean, np.ones_like(mean)]),
        )
        unanimous = (answers - z**2) / (answers + z**2)
        neutral_limit = z**2 / (answers + z**2)
    low = np.where(won == answers, unanimous, np.where(neutral == answers, -neutral_limit, low))
    high = np.where(lost == answers, -unanimous, np.where(neutral == answers, neutral_limit, high))
    empty = answers == 0
    return np.where(empty, np.nan, POINTS * low), np.where(empty, np.nan, POINTS * high)


def _solve(
    lost: Floats, won: Floats, answers: Floats, *, goal: Floats, below: Floats, above: Floats
) -> Floats:
    """The delta whose distance is the goal, between two deltas; a row for each goal."""
    low, high = below, above
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        too_low = _standard_distance(middle, lost, won, answers) > goal
        low = np.where(too_low, middle, low)
        high = np.where(too_low, high, middle)
    return (low + high) / 2


def _standard_distance(delta: Floats, lost: Floats, won: Floats, answers: Floats) -> Floats:
    """z(delta), with the detractor share that is likeliest under `delta` as the nuisance."""
    a = 2 * answers
    b = -lost - won + (2 * answers - won + lost) * delta
    c = -lost * delta * (1 - delta)
    root = np.sqrt(np.maximum(b * b - 4 * a * c, 0.0))
    # The larger root; the second form avoids subtracting two nearly equal numbers.
    share = np.where(b <= 0, (root - b) / (2 * a), -2 * c / (root + b))
    spread = answers * (2 * share + delta * (1 - delta))
    distance: Floats = (won - lost - answers * delta) / np.sqrt(np.maximum(spread, 0.0))
    return distance


def _cells(*counts: Any) -> tuple[Floats, Floats, Floats, Floats]:
    lost, neutral, won = (np.asarray(count, dtype=np.float64) for count in counts)
    return lost, neutral, won, lost + neutral + won
