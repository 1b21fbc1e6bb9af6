"""Worlds whose truth is known: customers with a mix of their own, respondents who answer by it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from analytics.domain.statistics.nps.counts import Counts
from analytics.domain.statistics.nps.intervals import Sample, Shared

# Shares of detractors, passives and promoters.
MIX = (0.30, 0.35, 0.35)


def mixes(
    rng: np.random.Generator, customers: int, *, correlation: float, mix: Sequence[float] = MIX
) -> NDArray[np.float64]:
    """A mix per customer; the Dirichlet-multinomial has this intra-customer correlation."""
    if correlation == 0:
        return np.tile(np.asarray(mix), (customers, 1))
    return rng.dirichlet(np.asarray(mix) * (1 - correlation) / correlation, size=customers)


def answers(
    rng: np.random.Generator, sizes: Sequence[int] | NDArray[np.int64], mix: NDArray[np.float64]
) -> NDArray[np.int64]:
    """A row per customer: detractors, passives, promoters."""
    return rng.multinomial(np.asarray(sizes), mix)


def truth(mix: Sequence[float] = MIX) -> float:
    return 100 * (mix[2] - mix[0])


def sample_of(rows: NDArray[np.int64]) -> Sample:
    rows = rows[rows.sum(axis=1) > 0]
    lost, neutral, won = (int(column) for column in rows.sum(axis=0))
    y, n = rows[:, 2] - rows[:, 0], rows.sum(axis=1)
    return Sample(
        counts=Counts(detractors=lost, passives=neutral, promoters=won),
        customers=len(rows),
        yy=int(y @ y),
        yn=int(y @ n),
        nn=int(n @ n),
    )


def shared_of(one: NDArray[np.int64], other: NDArray[np.int64]) -> Shared:
    """Of two periods with the same customers in the same order."""
    y1, n1 = one[:, 2] - one[:, 0], one.sum(axis=1)
    y2, n2 = other[:, 2] - other[:, 0], other.sum(axis=1)
    return Shared(*(int(each) for each in (y1 @ y2, y1 @ n2, n1 @ y2, n1 @ n2)))
