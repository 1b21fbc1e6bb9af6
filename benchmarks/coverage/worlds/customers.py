"""Customers who answer, leave or pay on, each for itself: rates, survival and revenue."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from analytics.domain.customers.follow_up import MIN_AT_RISK, MIN_CHURNED
from analytics.domain.customers.outcomes import relative_risk
from analytics.domain.statistics.proportions import Share, change_of_rate, wilson_interval
from analytics.domain.statistics.ratios import change_of_ratio, ratio_of
from analytics.domain.statistics.survival import kaplan_meier, log_log_interval, step_at
from benchmarks.coverage.worlds.world import Drawn, Rng, World, one_by_one

HORIZON = 180


def share_of(rng: Rng, *, whole: int, rate: float) -> Drawn:
    found = wilson_interval(Share(int(rng.binomial(whole, rate)), whole))
    return found and (*found, rate)


def change_of_share(rng: Rng, *, whole: int, rates: tuple[float, float]) -> Drawn:
    now, before = (Share(int(rng.binomial(whole, rate)), whole) for rate in rates)
    found = change_of_rate(now, compared=before)
    return found and (found.low, found.high, rates[0] - rates[1])


def _kept(rng: Rng, mrr: NDArray[np.float64], *, rise: bool) -> NDArray[np.float64]:
    """A tenth leaves, two tenths pay less, two tenths pay more."""
    fate = rng.choice([0.0, 0.7, 1.0, 1.3], p=[0.1, 0.2, 0.5, 0.2], size=len(mrr))
    kept: NDArray[np.float64] = mrr * (fate if rise else np.minimum(fate, 1.0))
    return kept


def ratio(rng: Rng, *, customers: int, skew: float, rise: bool) -> Drawn:
    mrr = np.exp(rng.normal(0, skew, customers))
    found = ratio_of(_kept(rng, mrr, rise=rise), wholes=mrr)
    limits = (found.interval() if rise else found.share_interval()) if found else None
    return limits and (*limits, 0.9 if rise else 0.84)


def change_of_ratios(rng: Rng, *, customers: int, skew: float) -> Drawn:
    mrr = np.exp(rng.normal(0, skew, customers))
    now, before = (ratio_of(_kept(rng, mrr, rise=True), wholes=mrr) for _ in range(2))
    found = change_of_ratio(now, compared=before)
    return found and (found.low, found.high, 0.0)


def _followed(
    rng: Rng, customers: int, risk: float
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """A constant hazard with that risk within the horizon; half a year to two are known."""
    leaves = rng.exponential(-HORIZON / np.log(1 - risk), customers)
    known = rng.uniform(HORIZON, 4 * HORIZON, customers)
    return np.ceil(np.minimum(leaves, known)), leaves <= known


def _shown(days: NDArray[np.float64], churned: NDArray[np.bool_]) -> bool:
    return len(days) >= MIN_AT_RISK and (churned & (days <= HORIZON)).sum() >= MIN_CHURNED


def churn_within(rng: Rng, *, customers: int, risk: float) -> Drawn:
    days, churned = _followed(rng, customers, risk)
    if not _shown(days, churned):
        return None
    low, high = log_log_interval(step_at(kaplan_meier(days, churned=churned), day=HORIZON))
    return None if low is None or high is None else (1 - high, 1 - low, risk)


def risk_of(rng: Rng, *, customers: tuple[int, int], risks: tuple[float, float]) -> Drawn:
    groups = [_followed(rng, *each) for each in zip(customers, risks, strict=True)]
    if not all(_shown(*each) for each in groups):
        return None
    steps = [step_at(kaplan_meier(days, churned=churned), day=HORIZON) for days, churned in groups]
    found = relative_risk(steps[0], reference=steps[1])
    return found and (found[1], found[2], risks[0] / risks[1])


def worlds() -> Iterator[World]:
    yield from _rate_worlds()
    yield from _outcome_worlds()
    yield from _revenue_worlds()


def _rate_worlds() -> Iterator[World]:
    for whole in (40, 140):
        draw = one_by_one(share_of, whole=whole, rate=0.15)
        yield World("Customer churn", f"{whole} customers, 15 %", draw)
    change = one_by_one(change_of_share, whole=140, rates=(0.20, 0.12))
    yield World("Change of customer churn", "2 x 140 customers", change)


def _outcome_worlds() -> Iterator[World]:
    for customers, risk in ((40, 0.3), (140, 0.15)):
        kind = f"{customers} customers, {100 * risk:.0f} % within the horizon"
        draw = one_by_one(churn_within, customers=customers, risk=risk)
        yield World("Churn rate of outcomes, survival curve", kind, draw)
    draw = one_by_one(risk_of, customers=(80, 80), risks=(0.4, 0.2))
    yield World("Relative risk", "2 x 80 customers, 40 % and 20 %", draw)
    draw = one_by_one(risk_of, customers=(50, 250), risks=(0.3, 0.15))
    yield World("Relative risk", "50 customers, 30 %, and 250 others, 15 %", draw)


def _revenue_worlds() -> Iterator[World]:
    for customers, skew in ((40, 0.5), (140, 1.0)):
        kind = f"{customers} customers, MRR log-normal {skew:g}"
        for rise, name in ((True, "NRR"), (False, "GRR")):
            yield World(name, kind, one_by_one(ratio, customers=customers, skew=skew, rise=rise))
        draw = one_by_one(change_of_ratios, customers=customers, skew=skew)
        yield World("Change of NRR", kind, draw)
