"""Log-rank: do groups churn alike? Over all of them, and pair by pair with Holm's correction."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from analytics.domain.statistics.multiplicity import holm
from analytics.domain.statistics.survival import Floats, checked

# Days and whether it ended in churn, of each member.
FollowUp = tuple[ArrayLike, ArrayLike]


class LogRank(NamedTuple):
    statistic: float
    degrees_of_freedom: int
    p_value: float
    observed: list[float]
    expected: list[float]


class Pair(NamedTuple):
    """Two groups by their places; None where there was no test, or nobody churned in it."""

    one: int
    other: int
    p_value: float | None
    # Holm: over all the pairs.
    adjusted: float | None
    significant: bool | None


def log_rank(groups: Sequence[FollowUp], *, rho: float = 0.0) -> LogRank | None:
    """Test that all groups churn alike. Empty groups are left out.

    1. On each day with churn, share the churned out over the groups by their numbers at risk.
    2. Sum observed minus expected, and the hypergeometric covariance of the shares. Each day weighs
       the survival of all just before it to the power of rho: with 1 (Peto and Peto 1972) early
       churn counts for more (Harrington and Fleming 1982).
    3. A group that was at risk on none of these days says nothing and is left out too.
    4. The last group follows from the others, so it is dropped before inverting.
    """
    known = [group for group in (checked(*group) for group in groups) if len(group[0])]
    all_days = np.concatenate([days[events] for days, events in known] or [np.array([])])
    if len(known) < 2 or len(all_days) == 0:
        return None
    observed, expected = np.zeros(len(known)), np.zeros(len(known))
    covariance = np.zeros((len(known), len(known)))
    survival = 1.0
    for day in np.unique(all_days):
        at_risk = np.array([(days >= day).sum() for days, _ in known], dtype=np.float64)
        lost = np.array([((days == day) & events).sum() for days, events in known], dtype=float)
        weight = survival**rho
        observed += weight * lost
        expected += weight * lost.sum() * at_risk / at_risk.sum()
        covariance += weight**2 * _hypergeometric_covariance(at_risk, lost=lost.sum())
        survival *= 1 - lost.sum() / at_risk.sum()
    return _quadratic_form(observed, expected, covariance)


def _always(one: int, other: int) -> bool:
    return True


def pairwise(
    groups: Sequence[FollowUp], *, tested: Callable[[int, int], bool] = _always
) -> list[Pair]:
    """Every group against every later one, unless `tested` says no of their places."""
    places = list(combinations(range(len(groups)), 2))
    tests = [
        log_rank([groups[one], groups[other]]) if tested(one, other) else None
        for one, other in places
    ]
    p_values = [None if test is None else test.p_value for test in tests]
    adjusted, significant = holm(p_values)
    columns = zip(places, p_values, adjusted, significant, strict=True)
    return [
        Pair(one, other, p, corrected, beyond) for (one, other), p, corrected, beyond in columns
    ]


def _quadratic_form(observed: Floats, expected: Floats, covariance: Floats) -> LogRank | None:
    seen = np.flatnonzero(expected > 0)
    if len(seen) < 2:
        return None
    free = seen[:-1]
    surplus = (observed - expected)[free]
    statistic = float(surplus @ np.linalg.pinv(covariance[np.ix_(free, free)]) @ surplus)
    p_value = chi_square_tail(statistic, degrees_of_freedom=len(free))
    return LogRank(statistic, len(free), p_value, observed.tolist(), expected.tolist())


def chi_square_tail(statistic: float, *, degrees_of_freedom: int) -> float:
    """P(chi-square > statistic): for whole degrees of freedom a finite sum, from 1 or 2 upwards."""
    half = statistic / 2
    if half <= 0:
        return 1.0
    odd = degrees_of_freedom % 2 == 1
    tail = math.erfc(math.sqrt(half)) if odd else math.exp(-half)
    shape = 0.5 if odd else 1.0
    while shape < degrees_of_freedom / 2:
        tail += math.exp(shape * math.log(half) - half - math.lgamma(shape + 1))
        shape += 1
    return tail


def _hypergeometric_covariance(at_risk: Floats, *, lost: float) -> Floats:
    total = at_risk.sum()
    if total < 2:
        return np.zeros((len(at_risk), len(at_risk)))
    share = at_risk / total
    spread = np.diag(share) - np.outer(share, share)
    scaled: Floats = lost * (total - lost) / (total - 1) * spread
    return scaled
