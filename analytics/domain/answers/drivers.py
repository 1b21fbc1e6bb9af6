"""What goes along with the score: how much of its differences each driver can be credited with.

Drivers that go along with each other would each be credited with the same share if each one were
held against the score alone. Shapley's shares of R squared (Lindeman, Merenda and Gold 1980) are
what a driver adds, on average over all orders in which the drivers could come in; they add up to R
squared. Johnson (2000) has the relative weights, which agree in practice. Neither says what causes
what.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from analytics.domain.statistics.interval import CONFIDENCE, Floats, Interval

MIN_ANSWERS = 100
MIN_ANSWERS_PER_DRIVER = 10
MOST_DRIVERS = 10
RESAMPLES = 1_000
# Keeps drivers that say the same solvable, and moves no share before its ninth decimal.
_RIDGE = 1e-10
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Driver:
    name: str
    # Of R squared.
    shapley: float
    relative_weight: float
    # With the score.
    correlation: float
    # Of the Shapley share, by drawing the answers again; None without the answers themselves.
    interval: Interval | None = None
    mean: float | None = None


@dataclass(frozen=True, slots=True)
class Drivers:
    answers: int
    r_squared: float
    # Those with the largest Shapley share first.
    drivers: tuple[Driver, ...]


class DriversRefused(ValueError):
    """Too few answers, too many drivers, or one that never differs; `str()` says what to do."""


def drivers_of_answers(
    scores: Floats,
    *,
    ratings: Floats,
    names: Sequence[str],
    rng: np.random.Generator,
    confidence: float = CONFIDENCE,
) -> Drivers:
    """`ratings` has a row per answer and a column per name, all of them known."""
    check_size(len(scores), drivers=len(names))
    table = np.column_stack([scores, ratings])
    for name, column in zip(("score", *names), table.T, strict=True):
        if column.min() == column.max():
            raise DriversRefused(f"{name}: all answers are {column[0]:g}; leave it out.")
    found = drivers_of_correlations(_correlations(table), answers=len(scores), names=names)
    resamples = (table[rng.integers(0, len(table), len(table))] for _ in range(RESAMPLES))
    shares = shapley_shares(np.array([_correlations(each) for each in resamples]))
    low, high = np.quantile(shares, [(1 - confidence) / 2, (1 + confidence) / 2], axis=0)
    places = {name: place for place, name in enumerate(names)}
    drivers = tuple(_with_answers(each, places[each.name], low, high, ratings) for each in found)
    return Drivers(len(scores), sum(each.shapley for each in drivers), drivers)


def drivers_of_correlations(
    correlations: Floats, *, answers: int, names: Sequence[str]
) -> tuple[Driver, ...]:
    """Of a published matrix: the score comes first, then the drivers in the order of `names`."""
    check_size(answers, drivers=len(names))
    [shares] = shapley_shares(correlations[np.newaxis])
    columns = shares.tolist(), relative_weights(correlations).tolist(), correlations[0, 1:].tolist()
    drivers = [Driver(*each) for each in zip(names, *columns, strict=True)]
    return tuple(sorted(drivers, key=lambda each: -each.shapley))


def check_size(answers: int, *, drivers: int) -> None:
    if not 1 <= drivers <= MOST_DRIVERS:
        raise DriversRefused(f"{drivers} drivers: choose between 1 and {MOST_DRIVERS} of them.")
    needed = max(MIN_ANSWERS, MIN_ANSWERS_PER_DRIVER * drivers)
    if answers < needed:
        raise DriversRefused(
            f"{answers} answers tell too little of {drivers} drivers: it takes {needed}."
        )


def shapley_shares(correlations: Floats) -> Floats:
    """A row per matrix, each with the score first; a column per driver."""
    count = correlations.shape[1] - 1
    explained = dict(_r_squared(correlations, count))
    shares = np.zeros((len(correlations), count))
    for members, r_squared in explained.items():
        for driver in members:
            others = tuple(each for each in members if each != driver)
            orders = math.factorial(len(others)) * math.factorial(count - len(members))
            weight = orders / math.factorial(count)
            shares[:, driver] += weight * (r_squared - explained[others])
    return shares


def relative_weights(correlations: Floats) -> Floats:
    """Johnson (2000): through the drivers' closest uncorrelated counterparts."""
    among, with_score = correlations[1:, 1:], correlations[0, 1:]
    values, vectors = np.linalg.eigh(among)
    roots = np.sqrt(np.maximum(values, 0.0))
    counterparts = vectors @ np.diag(roots) @ vectors.T
    inverse = np.where(roots > _ROUNDING, 1 / np.maximum(roots, _ROUNDING), 0.0)
    weights = vectors @ np.diag(inverse) @ vectors.T @ with_score
    found: Floats = (counterparts**2) @ (weights**2)
    return found


def _r_squared(correlations: Floats, count: int) -> Iterator[tuple[tuple[int, ...], Floats]]:
    """Of each choice of drivers, for all matrices at once."""
    yield (), np.zeros(len(correlations))
    for size in range(1, count + 1):
        for members in combinations(range(count), size):
            places = [each + 1 for each in members]
            among = correlations[:, places][:, :, places] + _RIDGE * np.eye(size)
            with_score = correlations[:, 0, places]
            weights = np.linalg.solve(among, with_score[:, :, np.newaxis])[:, :, 0]
            yield members, (weights * with_score).sum(axis=1)


def _correlations(table: Floats) -> Floats:
    """A column that never differs, as a resample of few may have, goes along with nothing."""
    centred = table - table.mean(axis=0)
    lengths = np.sqrt((centred**2).sum(axis=0))
    scaled = centred / np.where(lengths > 0, lengths, 1.0)
    found: Floats = scaled.T @ scaled
    np.fill_diagonal(found, 1.0)
    return found


def _with_answers(
    driver: Driver, place: int, low: Floats, high: Floats, ratings: NDArray[np.float64]
) -> Driver:
    return Driver(
        driver.name,
        driver.shapley,
        driver.relative_weight,
        driver.correlation,
        Interval(float(low[place]), float(high[place])),
        float(ratings[:, place].mean()),
    )
