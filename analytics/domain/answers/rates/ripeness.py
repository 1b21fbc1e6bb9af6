"""Response rates that are still coming in, compared at an equal age of their e-mails.

An e-mail of yesterday had a day to be answered, one of last year all the time it needs. The time to
the answer is therefore followed as survival is: whoever has not answered yet is censored on the
last whole day that is known of them, and the answered share at an age is 1 - Kaplan-Meier (1958).

Its interval and test are those of a share of as many e-mails as its error is worth (Dorey and Korn,
"Effective sample sizes for confidence intervals for survival probabilities", 1987). Respondents of
one customer answer, or do not, together, so that error is the larger of Greenwood's and the one
from the customers' sums of influences (Williams, "Product-limit survival functions with correlated
survival times", 1995), with t quantiles as in `nps/intervals.py`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analytics.domain.answers.cells import UNKNOWN_CUSTOMER
from analytics.domain.customers.follow_up import MIN_AT_RISK
from analytics.domain.periods import ONE_DAY, Period
from analytics.domain.statistics.interval import CONFIDENCE, Change
from analytics.domain.statistics.shares import Share, difference_of, share_worth
from analytics.domain.statistics.student import t_quantile

# From this age on an e-mail is hardly ever answered any more.
RIPE_DAYS = 30
# An age is compared at which this share of the e-mails has reached.
MIN_KNOWN_SHARE = 0.2


@dataclass(frozen=True, slots=True, eq=False)
class Sent:
    """E-mails: days from each to its counted answer (inf: none), how many whole days of it are
    known (an e-mail of today has none), and the customer (UNKNOWN_CUSTOMER: one of its own)."""

    delays: NDArray[np.float64]
    known_days: NDArray[np.int64]
    customers: NDArray[np.int64]


class Followed(NamedTuple):
    """The share answered by an age, and by customer what each adds to its error.

    A customer that is not known stands as a number below zero.
    """

    share: Share
    customers: NDArray[np.int64]
    influences: NDArray[np.float64]


class AgedChange(NamedTuple):
    change: Change
    # Of the e-mails, in days, on both sides.
    age: int


def unripe_part(period: Period, *, today: date) -> Period | None:
    """The days whose e-mails are younger than RIPE_DAYS; None where the period has none of them."""
    start = max(period.start, today - timedelta(days=RIPE_DAYS - 1))
    end = min(period.end, today + ONE_DAY)
    return Period(start, end) if start < end else None


def change_at_equal_age(current: Sent, *, compared: Sent) -> AgedChange | None:
    """At the greatest age that enough of both have reached; None where that is not a whole day."""
    age = min(_known_age(current), _known_age(compared))
    if age < 1:
        return None
    now, before = answered_within(current, days=age), answered_within(compared, days=age)
    if now is None or before is None:
        return None
    return AgedChange(difference_of(now.share, before.share, rho=_correlation(now, before)), age)


def answered_within(sent: Sent, *, days: int) -> Followed | None:
    """Of the e-mails those answered in the first so many days; None: all are of one customer."""
    known = sent.known_days >= 1
    last, delays = sent.known_days[known] - 1, sent.delays[known]
    times = np.minimum(np.minimum(delays, last), days).astype(np.int64)
    answered = (delays <= last) & (delays < days)
    rate, greenwood, influences = _curve(times, answered, days=days)
    owners, at = np.unique(_owners(sent.customers[known]), return_inverse=True)
    sums = np.bincount(at, weights=influences).astype(np.float64, copy=False)
    number = _number(rate, greenwood, sums=sums, mails=len(times), reached=sent.known_days >= days)
    if number is None:
        return None
    return Followed(share_worth(rate, number=number), owners, sums)


def _curve(
    times: NDArray[np.int64], answered: NDArray[np.bool_], *, days: int
) -> tuple[float, float, NDArray[np.float64]]:
    """1 - Kaplan-Meier after so many days, Greenwood's variance, and each e-mail's influence.

    The influence is the derivative of the rate by the weight of the e-mail: with the answers d of
    the at_risk Y on a day, rate is 1 - product of (1 - d / Y).
    """
    events = np.bincount(times[answered], minlength=days)[:days]
    at_risk = np.bincount(times, minlength=days + 1)[::-1].cumsum()[::-1][:days]
    left = at_risk - events
    survival = float(np.prod(left[events > 0] / at_risk[events > 0]))
    if survival == 0:
        return 1.0, 0.0, np.zeros(len(times))
    per_answer = np.divide(1.0, left, out=np.zeros(days), where=left > 0)
    hazard = np.divide(events, at_risk * left, out=np.zeros(days), where=left > 0)
    # What it was at risk of, up to and on its last day.
    borne = np.append(hazard.cumsum(), hazard.sum())[times]
    gained = np.where(answered, np.append(per_answer, 0.0)[times], 0.0)
    return 1 - survival, survival**2 * float(hazard.sum()), survival * (gained - borne)


def _number(
    rate: float,
    greenwood: float,
    *,
    sums: NDArray[np.float64],
    mails: int,
    reached: NDArray[np.bool_],
) -> float | None:
    """As many independent e-mails would tell as much."""
    customers = len(sums)
    if customers < 2 and mails > 1:
        return None
    if greenwood == 0:
        # All or nothing: those that have reached the age, or as many customers.
        return float(min(reached.sum(), customers)) or None
    number = rate * (1 - rate) / greenwood
    if customers == mails:
        return number
    robust = customers / (customers - 1) * float((sums**2).sum())
    narrow = t_quantile(CONFIDENCE, freedom=mails - 1)
    wide = t_quantile(CONFIDENCE, freedom=customers - 1)
    return number / max(1.0, robust / greenwood) * (narrow / wide) ** 2


def _owners(customers: NDArray[np.int64]) -> NDArray[np.int64]:
    own = -1 - np.arange(len(customers))
    return np.where(customers == UNKNOWN_CUSTOMER, own, customers)


def _correlation(one: Followed, other: Followed) -> float:
    """As that of two samples: how far both move together by the customers in both; at least 0."""
    size = float((one.influences**2).sum() * (other.influences**2).sum())
    known = one.customers[one.customers >= 0], other.customers[other.customers >= 0]
    both, mine, theirs = np.intersect1d(*known, assume_unique=True, return_indices=True)
    if not size or not len(both):
        return 0.0
    skipped = len(one.customers) - len(known[0]), len(other.customers) - len(known[1])
    product = one.influences[skipped[0] + mine] * other.influences[skipped[1] + theirs]
    return min(1.0, max(0.0, float(product.sum()) / math.sqrt(size)))


def _known_age(sent: Sent) -> int:
    needed = max(MIN_AT_RISK, math.ceil(MIN_KNOWN_SHARE * len(sent.known_days)))
    if len(sent.known_days) < needed:
        return 0
    return min(int(np.sort(sent.known_days)[-needed]), RIPE_DAYS)
