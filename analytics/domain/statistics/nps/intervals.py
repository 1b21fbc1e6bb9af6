"""NPS where answers come in clusters: those of one customer resemble each other.

Taken as independent, ten answers of one customer would count as ten opinions, and intervals of 95 %
cover 55 to 82 %. So every interval and test of an NPS stands on the effective number of answers:
Korn and Graubard (1998), "Confidence intervals for proportions with small expected number of
positive counts estimated from survey data", here in the score interval of Tango (1998).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from analytics.domain.statistics.interval import (
    CONFIDENCE,
    Change,
    Estimate,
    Interval,
    error_of_difference,
    mover,
    two_sided_p_value,
)
from analytics.domain.statistics.nps.adjusted_wald import adjusted_mean
from analytics.domain.statistics.nps.counts import Counts, Effective, nps
from analytics.domain.statistics.nps.score_interval import score_limits
from analytics.domain.statistics.student import t_quantile
from surveys.domain.answers import scoring

MIN_CUSTOMERS = scoring.MIN_CUSTOMERS


@dataclass(frozen=True, kw_only=True)
class Sample:
    """The answers of a group and what its customers' sums tell.

    Of each customer n answers and y, its promoters minus its detractors; the squares are added up
    over the customers. An answer without a customer is a customer of its own.
    """

    counts: Counts = field(default_factory=Counts)
    customers: int = 0
    yy: int = 0
    yn: int = 0
    nn: int = 0

    def __add__(self, other: Sample) -> Sample:
        """Of other customers: those of one in both would be one cluster."""
        return Sample(
            counts=self.counts + other.counts,
            customers=self.customers + other.customers,
            yy=self.yy + other.yy,
            yn=self.yn + other.yn,
            nn=self.nn + other.nn,
        )

    @property
    def reportable(self) -> bool:
        return scoring.is_reportable(self.counts.responses, customers=self.customers)

    @property
    def mean(self) -> float:
        return (self.counts.promoters - self.counts.detractors) / self.counts.responses

    @cached_property
    def spread(self) -> float:
        """Sum over the customers of the squares of (y - mean n) / answers."""
        answers, total = self.counts.responses, self.counts.promoters - self.counts.detractors
        # In whole numbers, of which nothing cancels out.
        squares = self.yy * answers**2 - 2 * total * answers * self.yn + total**2 * self.nn
        return squares / answers**4

    @property
    def unanimous(self) -> bool:
        counts = self.counts
        return counts.responses in (counts.promoters, counts.passives, counts.detractors)

    @cached_property
    def design_effect(self) -> float | None:
        """How many answers it takes to tell as much as one independent answer would.

        None where nobody can know: of no answer, or of several of one and the same customer.
        """
        answers, customers = self.counts.responses, self.customers
        if answers == customers:
            return 1.0 if answers else None
        if customers < 2:
            return None
        if self.unanimous:
            return answers / customers
        extremes = self.counts.promoters + self.counts.detractors
        independent = (extremes / answers - self.mean**2) / (answers - 1)
        return max(1.0, customers / (customers - 1) * self.spread / independent)

    def n_effective(self, *, confidence: float = CONFIDENCE) -> float | None:
        """So many independent answers would tell as much.

        The quotient of t quantiles is Korn and Graubard's: the spread is known from the customers,
        which are fewer than the answers.
        """
        answers, customers = self.counts.responses, self.customers
        if self.design_effect is None:
            return None
        if answers == customers or self.unanimous:
            return float(customers)
        narrow = t_quantile(confidence, freedom=answers - 1)
        wide = t_quantile(confidence, freedom=customers - 1)
        return answers / self.design_effect * (narrow / wide) ** 2


def independent(counts: Counts) -> Sample:
    """Each answer of a customer of its own."""
    extremes = counts.promoters + counts.detractors
    return Sample(
        counts=counts,
        customers=counts.responses,
        yy=extremes,
        yn=counts.promoters - counts.detractors,
        nn=counts.responses,
    )


def of_one_customer(counts: Counts) -> Sample:
    """All of them one customer's."""
    answers, total = counts.responses, counts.promoters - counts.detractors
    return Sample(counts=counts, customers=1, yy=total**2, yn=total * answers, nn=answers**2)


class Shared(NamedTuple):
    """Products of two samples, added up over the customers that are in both."""

    yy: int = 0
    yn: int = 0
    ny: int = 0
    nn: int = 0


NOBODY_IN_BOTH = Shared()


class Other(NamedTuple):
    """What a sample is held against, and what the two share."""

    sample: Sample
    shared: Shared = NOBODY_IN_BOTH


def correlation(one: Sample, other: Sample, *, shared: Shared) -> float:
    """How far the two figures move together because the same customers are in both; at least 0."""
    if not (one.counts.responses and other.counts.responses and one.spread and other.spread):
        return 0.0
    s, t = one.mean, other.mean
    product = shared.yy - t * shared.yn - s * shared.ny + s * t * shared.nn
    product /= one.counts.responses * other.counts.responses
    return min(1.0, max(0.0, product / math.sqrt(one.spread * other.spread)))


def intervals(
    samples: Sequence[Sample], *, confidence: float = CONFIDENCE
) -> list[Interval | None]:
    """Score intervals on the effective numbers, for many groups at the price of one.

    None where there is no answer, or where all are of one customer: that one cannot tell.
    """
    found = [_effective(each, confidence=confidence) for each in samples]
    low, high = score_limits(
        [each.detractors for each in found],
        passives=[each.passives for each in found],
        promoters=[each.promoters for each in found],
        confidence=confidence,
    )
    return [
        Interval(float(low[place]), float(high[place])) if each.responses else None
        for place, each in enumerate(found)
    ]


def change(current: Sample, *, compared: Other, confidence: float = CONFIDENCE) -> Change | None:
    """As `change_between`, where the limits of both are not known yet."""
    limits, compared_limits = intervals([current, compared.sample], confidence=confidence)
    return change_between(
        current,
        compared=compared,
        limits=limits,
        compared_limits=compared_limits,
        confidence=confidence,
    )


def change_between(
    current: Sample,
    *,
    compared: Other,
    limits: Interval | None,
    compared_limits: Interval | None,
    confidence: float = CONFIDENCE,
) -> Change | None:
    """Raw difference, limits by MOVER with correlation, adjusted Wald p value.

    Both stand on the effective numbers.
    """
    now, before = nps(current.counts), nps(compared.sample.counts)
    if now is None or before is None or limits is None or compared_limits is None:
        return None
    rho = correlation(current, compared.sample, shared=compared.shared)
    found = mover(Estimate(now, limits), compared=Estimate(before, compared_limits), rho=rho)
    p_value = _p_value(current, compared=compared.sample, rho=rho, confidence=confidence)
    return Change(now - before, *found, p_value)


def _effective(sample: Sample, *, confidence: float) -> Effective:
    """The categories in their proportions, of so many answers; none where nobody can know."""
    number = sample.n_effective(confidence=confidence)
    if number is None:
        return Effective()
    counts, share = sample.counts, number / sample.counts.responses
    return Effective(
        detractors=counts.detractors * share,
        passives=counts.passives * share,
        promoters=counts.promoters * share,
    )


def _p_value(current: Sample, *, compared: Sample, rho: float, confidence: float) -> float:
    """1 where the same customers answered the same: there is neither difference nor error."""
    mean_now, error_now = adjusted_mean(_effective(current, confidence=confidence))
    mean_before, error_before = adjusted_mean(_effective(compared, confidence=confidence))
    error = error_of_difference(math.sqrt(error_now), math.sqrt(error_before), rho=rho)
    difference = mean_now - mean_before
    if error == 0:
        return 1.0 if difference == 0 else 0.0
    return two_sided_p_value(difference / error)
