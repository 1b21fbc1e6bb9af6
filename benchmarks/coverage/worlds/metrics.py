"""Customers whose revenue, life, tickets and answers are known: the intervals of the metrics."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from statistics import NormalDist

import numpy as np
import pandas as pd

from analytics.domain.answers.satisfaction import Satisfaction
from analytics.domain.metrics.estimates import (
    Estimate,
    change_of_share,
    share_estimate,
    time_estimate,
)
from analytics.domain.metrics.facts import Choices
from analytics.domain.metrics.lifetime import churn_columns, followed
from analytics.domain.metrics.money import KeptRevenue, lifetime_by_survival, lifetime_value
from analytics.domain.periods import DAYS_A_MONTH, Period, months
from analytics.domain.statistics.interval import Floats
from benchmarks.coverage.worlds.answers import Integers, chances_of
from benchmarks.coverage.worlds.world import HIGHEST, Drawn, Rng, World, one_by_one

# Each draw of a bootstrap is 2,000 draws of its own.
DRAWS = 1_000
# How many customers, with at least and at most so many units each.
Sizes = tuple[int, int, int]
YEAR = Period(date(2025, 1, 1), date(2026, 1, 1))
START, END = np.datetime64(YEAR.start), np.datetime64(YEAR.end)
RATE = 0.8
# Four of 40 waits lie above the 90th percentile: the upper limit is open, and is never missed.
OPEN = 0.99
# Of 1 to 5.
ANSWERS = np.array([0.05, 0.10, 0.20, 0.40, 0.25])
# Of the logarithm of hours: the standard deviation, and the part of its square between customers.
SPREAD, ALIKE = 1.0, 0.3


def shown(found: Estimate, *, true: float) -> Drawn:
    """A limit that is not known leaves that side open; without both the page shows no interval."""
    if not found.reportable or (found.low is None and found.high is None):
        return None
    low, high = found.low, found.high
    return -np.inf if low is None else low, np.inf if high is None else high, true


def kept(rng: Rng, *, customers: int, skew: float, key: str, true: float) -> Drawn:
    """A tenth leaves, two tenths pay less, two tenths pay more."""
    start = np.exp(rng.normal(0, skew, customers))
    fate = rng.choice([0.0, 0.7, 1.0, 1.3], p=[0.1, 0.2, 0.5, 0.2], size=customers)
    columns = {
        "start": start,
        "kept": start * np.minimum(fate, 1.0),
        "expansion": start * np.maximum(fate - 1.0, 0.0),
    }
    return shown(KeptRevenue(pd.DataFrame(columns)).estimate(key, value=true), true=true)


def worth_by_churn(rng: Rng, *, customers: int, skew: float, churn: float) -> Drawn:
    """Each month a customer leaves by the same chance, whatever it pays."""
    parts = months(YEAR)
    left_in = rng.geometric(churn, customers) - 1
    middles = np.array([part.start for part in parts], dtype="datetime64[D]") + 14
    gone = np.append(middles, np.datetime64("NaT"))[np.minimum(left_in, len(parts))]
    dates = _dates(np.full(customers, START - 100), gone)
    paid = np.where(left_in < len(parts), 0.0, 12 * np.exp(rng.normal(0, skew, customers)))
    found = lifetime_value(paid, churn_columns(dates, months=parts))
    return shown(found, true=float(np.exp(skew**2 / 2)) / churn)


def worth_by_survival(rng: Rng, *, customers: int, skew: float, churn: float) -> Drawn:
    """They came over three years, and a customer leaves by the same chance on each day."""
    hazard = -np.log1p(-churn) / DAYS_A_MONTH
    started = END - rng.integers(1, 3 * 365, customers)
    gone = started + np.floor(rng.exponential(1 / hazard, customers)).astype(np.int64)
    gone = np.where(gone < END, gone, np.datetime64("NaT"))
    dates, mrr = _dates(started, gone), np.exp(rng.normal(0, skew, customers))
    first = dates["started_on"] + pd.offsets.MonthEnd(0)
    there = ~(dates["churned_on"] < first) & (first < pd.Timestamp(END))
    first_paid = pd.DataFrame({"day": first[there], "mrr": mrr[there]})
    columns = followed(dates, first_paid, end=pd.Timestamp(END)).columns()
    monthly = np.where(np.isnat(gone), mrr, 0.0)
    found, horizon = lifetime_by_survival(monthly, columns, choices=Choices())
    stays = np.exp(-hazard * np.ceil(DAYS_A_MONTH * np.arange(horizon))).sum()
    return shown(found, true=float(np.exp(skew**2 / 2) * stays))


def _dates(started: np.ndarray, gone: np.ndarray) -> pd.DataFrame:
    columns = {"started_on": started, "churned_on": gone}
    return pd.DataFrame({name: each.astype("datetime64[ns]") for name, each in columns.items()})


def time_until(rng: Rng, *, sizes: Sizes, share: float) -> Drawn:
    """Log-normal hours, of one customer alike; some are not over when the period ends."""
    owners = owners_of(rng, *sizes)
    own = rng.normal(0, np.sqrt(ALIKE), owners.max() + 1)[owners]
    takes = np.exp(SPREAD * (own + rng.normal(0, np.sqrt(1 - ALIKE), len(owners))))
    known = rng.uniform(0, 30, len(owners))
    columns = {
        "customer": owners,
        "time": np.minimum(takes, known),
        "closed": takes <= known,
    }
    found = time_estimate(pd.DataFrame(columns), share=share)
    true = float(np.exp(SPREAD * NormalDist().inv_cdf(share)))
    return None if found.value is None else shown(found, true=true)


def mean_satisfaction(rng: Rng, *, sizes: Sizes) -> Drawn:
    """A customer has a mix of its own, by which its respondents answer."""
    owners = owners_of(rng, *sizes)
    mixes = rng.dirichlet(ANSWERS * (1 - ALIKE) / ALIKE, owners.max() + 1)[owners]
    values = 1 + (rng.random(len(owners))[:, None] > mixes.cumsum(axis=1)[:, :-1]).sum(axis=1)
    none = np.zeros(len(owners), dtype=np.int64)
    days = np.full(len(owners), START)
    [limits] = Satisfaction(none, owners + 1, days, none, values).mean_limits(groups=1)
    return limits and (*limits, float(ANSWERS @ np.arange(1, 6)))


def share_of_units(rng: Rng, *, sizes: Sizes) -> Drawn:
    owners = owners_of(rng, *sizes)
    chances = chances_of(rng, owners.max() + 1, rate=RATE, icc=ALIKE)
    return shown(share_estimate(units_of(rng, owners, chances)), true=RATE)


def change_of_units(rng: Rng, *, sizes: Sizes) -> Drawn:
    """The same customers, who did not change."""
    now, before = (owners_of(rng, *sizes) for _ in range(2))
    chances = chances_of(rng, now.max() + 1, rate=RATE, icc=ALIKE)
    found = change_of_share(units_of(rng, now, chances), units_of(rng, before, chances))
    return found and (found.low, found.high, 0.0)


def owners_of(rng: Rng, customers: int, least: int, most: int) -> Integers:
    """The customer of each unit."""
    return np.repeat(np.arange(customers), rng.integers(least, most + 1, customers))


def units_of(rng: Rng, owners: Integers, chances: Floats) -> pd.DataFrame:
    return pd.DataFrame({"customer": owners, "hit": rng.random(len(owners)) < chances[owners]})


def worlds() -> Iterator[World]:
    yield from _revenue_worlds()
    yield from _lifetime_worlds()
    yield from _time_worlds()
    yield from _unit_worlds()


def _revenue_worlds() -> Iterator[World]:
    sizes = ((40, 0.5, 4 * DRAWS), (140, 1.0, 4 * DRAWS), (2500, 1.0, DRAWS))
    names = (
        ("NRR of metrics", "nrr", 0.9),
        ("Revenue churn rate of metrics, 1 - GRR", "revenue_churn_rate", 0.16),
    )
    for customers, skew, draws in sizes:
        kind = f"{customers} customers, MRR log-normal {skew:g}"
        for name, key, true in names:
            draw = one_by_one(kept, customers=customers, skew=skew, key=key, true=true)
            yield World(name, kind, draw, draws=draws)


def _lifetime_worlds() -> Iterator[World]:
    rules = (
        ("Lifetime value by churn", worth_by_churn),
        ("Lifetime value by survival", worth_by_survival),
    )
    for name, rule in rules:
        for customers, skew, churn in ((140, 0.7, 0.02), (400, 1.0, 0.01)):
            kind = f"{customers} customers, MRR log-normal {skew:g}, {100 * churn:g} % a month"
            draw = one_by_one(rule, customers=customers, skew=skew, churn=churn)
            yield World(name, kind, draw, draws=DRAWS)


def _time_worlds() -> Iterator[World]:
    for name, share in (("Median of times", 0.5), ("90th percentile of times", 0.9)):
        for sizes in ((40, 1, 1), (140, 1, 1), (20, 5, 5), (60, 1, 7)):
            draw = one_by_one(time_until, sizes=sizes, share=share)
            highest = OPEN if sizes == (40, 1, 1) and share > 0.5 else HIGHEST
            yield World(name, _kind(sizes, "wait"), draw, highest=highest, draws=DRAWS)


def _unit_worlds() -> Iterator[World]:
    for sizes in ((20, 5, 5), (60, 1, 7)):
        draw = one_by_one(mean_satisfaction, sizes=sizes)
        yield World("Mean satisfaction", _kind(sizes, "answer"), draw, draws=DRAWS)
    for sizes in ((20, 5, 5), (60, 1, 7)):
        draw = one_by_one(share_of_units, sizes=sizes)
        yield World("Share of tickets or renewals", _kind(sizes, "unit"), draw, draws=DRAWS)
        draw = one_by_one(change_of_units, sizes=sizes)
        kind = f"{_kind(sizes, 'unit')}, the same before"
        yield World("Change of such a share", kind, draw, draws=DRAWS)


def _kind(sizes: Sizes, unit: str) -> str:
    customers, least, most = sizes
    if most == 1:
        return f"{customers} customers x 1 {unit}"
    number = f"{most}" if least == most else f"{least} to {most}"
    return f"{customers} customers x {number} {unit}s, correlation {ALIKE:g}"
