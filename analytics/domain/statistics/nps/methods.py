"""The intervals and tests that were published beside those of the reports, for comparison only.

Wald's interval is too narrow below about 50 answers. Adding pseudo-answers mends most of it: Rocks
(2016) 0.75, 1.5 and 0.75; Bonett and Price (2012) one to each end. Each answer is of a customer of
its own.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

import numpy as np

from analytics.domain.statistics.interval import CONFIDENCE, Floats, quantile
from analytics.domain.statistics.nps.counts import POINTS
from analytics.domain.statistics.nps.score_interval import score_limits
from analytics.domain.statistics.student import t_quantile


class Method(StrEnum):
    WALD = "wald"
    TRINOMIAL_T = "trinomial_t"
    ADJUSTED_WALD = "adjusted_wald"
    BONETT_PRICE = "bonett_price"
    INDEPENDENT_SHARES = "independent_shares"
    SCORE = "score"


# Detractors, passives and promoters that are added.
PSEUDO_ANSWERS = {Method.ADJUSTED_WALD: (0.75, 1.5, 0.75), Method.BONETT_PRICE: (1.0, 0.0, 1.0)}


# Of a limit that is the truth itself.
_CRUMB = 1e-9


class Cells(NamedTuple):
    """Any number of groups; numbers need not be whole."""

    detractors: Floats
    passives: Floats
    promoters: Floats

    @property
    def answers(self) -> Floats:
        return self.detractors + self.passives + self.promoters

    @property
    def mean(self) -> Floats:
        return (self.promoters - self.detractors) / self.answers

    @property
    def variance(self) -> Floats:
        return (self.promoters + self.detractors) / self.answers - self.mean**2

    def with_pseudo_answers(self, method: Method) -> Cells:
        added = PSEUDO_ANSWERS.get(method, (0.0, 0.0, 0.0))
        return Cells(*(each + extra for each, extra in zip(self, added, strict=True)))


def limits_by(
    method: Method, cells: Cells, *, confidence: float = CONFIDENCE
) -> tuple[Floats, Floats]:
    """Low and high, in points; not cut off at -100 and 100, so that the formula can be checked."""
    if method is Method.SCORE:
        lost, neutral, won = cells
        return score_limits(lost, passives=neutral, promoters=won, confidence=confidence)
    used = cells.with_pseudo_answers(method)
    reach = quantile(confidence) * np.sqrt(used.variance / used.answers)
    if method is Method.TRINOMIAL_T:
        reach = _student(cells, confidence)
    elif method is Method.INDEPENDENT_SHARES:
        reach = quantile(confidence) * _independent_error(cells)
    return POINTS * (used.mean - reach), POINTS * (used.mean + reach)


def difference_by(method: Method, one: Cells, other: Cells) -> tuple[Floats, Floats]:
    """The difference and its standard error, on the unit scale; pseudo-answers in both groups."""
    mine, theirs = one.with_pseudo_answers(method), other.with_pseudo_answers(method)
    error = np.sqrt(mine.variance / mine.answers + theirs.variance / theirs.answers)
    return mine.mean - theirs.mean, error


def _student(cells: Cells, confidence: float) -> Floats:
    freedom = np.maximum(np.rint(cells.answers).astype(int) - 1, 1)
    known = {each: t_quantile(confidence, freedom=each) for each in np.unique(freedom).tolist()}
    wide = np.vectorize(known.get, otypes=[np.float64])(freedom)
    found: Floats = wide * np.sqrt(cells.variance / freedom)
    return found


def _independent_error(cells: Cells) -> Floats:
    """What is wrong with it: the two shares go along with each other."""
    shares = [each / cells.answers for each in (cells.promoters, cells.detractors)]
    squares = sum((share * (1 - share) for share in shares), np.zeros_like(shares[0]))
    found: Floats = np.sqrt(squares / cells.answers)
    return found


class Mix(NamedTuple):
    """Shares of all possible answers that are detractors, passives and promoters."""

    detractors: float
    passives: float
    promoters: float

    @property
    def nps(self) -> float:
        return POINTS * (self.promoters - self.detractors)


def coverage(
    mixes: Sequence[Mix], *, answers: int, method: Method, confidence: float = CONFIDENCE
) -> list[float]:
    """Of each mix, how often the interval holds its NPS: every outcome with its probability."""
    cells = every_outcome(answers)
    low, high = limits_by(method, cells, confidence=confidence)
    return [
        float(chances_of(cells, mix)[(low <= mix.nps + _CRUMB) & (high >= mix.nps - _CRUMB)].sum())
        for mix in mixes
    ]


def false_alarms(mix: Mix, *, answers: tuple[int, int]) -> dict[str, float]:
    """How often each test calls two groups of one and the same mix different, at 5 %."""
    one, other = (every_outcome(each) for each in answers)
    chances = np.outer(chances_of(one, mix), chances_of(other, mix))
    left = Cells(*(each[:, np.newaxis] for each in one))
    right = Cells(*(each[np.newaxis, :] for each in other))
    return {
        **{
            str(method): float(chances[_called(method, left, right)].sum())
            for method in (Method.WALD, Method.ADJUSTED_WALD)
        },
        "mover": float(chances[_outside_mover(one, other)].sum()),
    }


def every_outcome(answers: int) -> Cells:
    lost, won = (each.ravel() for each in np.mgrid[: answers + 1, : answers + 1])
    possible = lost + won <= answers
    lost, won = lost[possible], won[possible]
    return Cells(*(each.astype(np.float64) for each in (lost, answers - lost - won, won)))


def chances_of(outcomes: Cells, mix: Mix) -> Floats:
    answers = int(outcomes.answers[0])
    factorials = np.array([math.lgamma(each + 1) for each in range(answers + 1)])
    logs = np.full(len(outcomes.detractors), factorials[answers])
    with np.errstate(divide="ignore", invalid="ignore"):
        for each, share in zip(outcomes, mix, strict=True):
            logs += np.where(each > 0, each * np.log(share), 0.0) - factorials[each.astype(int)]
    found: Floats = np.exp(logs)
    return found


def _called(method: Method, one: Cells, other: Cells) -> np.ndarray:
    difference, error = difference_by(method, one, other)
    called: np.ndarray = np.abs(difference) > quantile(CONFIDENCE) * error + _CRUMB
    return called


def _outside_mover(one: Cells, other: Cells) -> np.ndarray:
    mine, theirs = ((POINTS * each.mean, *limits_by(Method.SCORE, each)) for each in (one, other))
    (s1, l1, u1), (s2, l2, u2) = (
        [part[:, None] for part in mine],
        [part[None, :] for part in theirs],
    )
    difference = s1 - s2
    low = difference - np.hypot(s1 - l1, u2 - s2)
    high = difference + np.hypot(u1 - s1, s2 - l2)
    outside: np.ndarray = (low > _CRUMB) | (high < -_CRUMB)
    return outside
