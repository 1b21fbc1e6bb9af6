"""NPS of one group, its interval, and the change between two groups.

One answer is worth -1, 0 or +1; NPS is the mean times 100. Formulas: Tango (1998) for the score
interval, Rocks (2016) for its use on NPS and for the adjusted Wald interval.
What is shown comes from `intervals.py` beside this, which calls these with effective numbers:
answers of one customer resemble each other.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from surveys.domain.answers import scoring

Floats = NDArray[np.float64]

CONFIDENCE = 0.95
MIN_RESPONSES = scoring.MIN_RESPONSES
POINTS = 100.0

# Rocks' variant (3,T): three pseudo-answers, shared out as in a triangle.
_PSEUDO_EXTREMES = 0.75
_PSEUDO_ANSWERS = 3.0
# Halving the range [-1, 1] this often reaches the spacing of floats.
_HALVINGS = 54


class Interval(NamedTuple):
    low: float
    high: float


# By keyword only: sources disagree on whether detractors or promoters come first.
@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    detractors: int = 0
    passives: int = 0
    promoters: int = 0

    @property
    def responses(self) -> int:
        return self.detractors + self.passives + self.promoters

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            detractors=self.detractors + other.detractors,
            passives=self.passives + other.passives,
            promoters=self.promoters + other.promoters,
        )

    def __sub__(self, other: Counts) -> Counts:
        return Counts(
            detractors=self.detractors - other.detractors,
            passives=self.passives - other.passives,
            promoters=self.promoters - other.promoters,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Effective:
    """As Counts, of so many answers as theirs are worth: no whole numbers."""

    detractors: float = 0.0
    passives: float = 0.0
    promoters: float = 0.0

    @property
    def responses(self) -> float:
        return self.detractors + self.passives + self.promoters


class Change(NamedTuple):
    """From the compared group to the current one, in points."""

    difference: float
    low: float
    high: float
    p_value: float


def quantile(confidence: float) -> float:
    """The two-sided normal quantile: 1.959964 at 95 %, not the one-sided 1.644854."""
    return NormalDist().inv_cdf((1 + confidence) / 2)


def two_sided_p_value(z: float) -> float:
    return math.erfc(abs(z) / math.sqrt(2))


def nps(counts: Counts) -> float | None:
    if counts.responses == 0:
        return None
    return POINTS * (counts.promoters - counts.detractors) / counts.responses


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
        low = _solve(lost, won, answers, goal=z, below=np.full_like(mean, -1.0), above=mean)
        high = _solve(lost, won, answers, goal=-z, below=mean, above=np.ones_like(mean))
        unanimous = (answers - z**2) / (answers + z**2)
        neutral_limit = z**2 / (answers + z**2)
    low = np.where(won == answers, unanimous, np.where(neutral == answers, -neutral_limit, low))
    high = np.where(lost == answers, -unanimous, np.where(neutral == answers, neutral_limit, high))
    empty = answers == 0
    return np.where(empty, np.nan, POINTS * low), np.where(empty, np.nan, POINTS * high)


def _solve(
    lost: Floats, won: Floats, answers: Floats, *, goal: float, below: Floats, above: Floats
) -> Floats:
    low, high = below.copy(), above.copy()
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


def adjusted_mean(counts: Counts | Effective) -> tuple[float, float]:
    """Mean and squared standard error after adding the pseudo-answers, on the unit scale."""
    number = counts.responses
    mean, second = (
        ((counts.promoters + sign * counts.detractors) / number if number else 0.0)
        for sign in (-1, 1)
    )
    return adjusted_moments(mean, second=second, number=number)


Number = TypeVar("Number", float, Floats)


def adjusted_moments(mean: Number, *, second: Number, number: Number) -> tuple[Number, Number]:
    """As `adjusted_mean`, from the mean of the values and the mean of their squares."""
    answers = number + _PSEUDO_ANSWERS
    adjusted = mean * number / answers
    spread = (second * number + 2 * _PSEUDO_EXTREMES) / answers - adjusted**2
    return adjusted, spread / answers
