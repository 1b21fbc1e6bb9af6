"""Response rates that are still coming in, compared at an equal age of their e-mails.

An e-mail of yesterday had a day to be answered, one of last year all the time it needs. The time to
the answer is therefore followed as survival is: whoever has not answered yet is censored on the
last whole day that is known of them, and the answered share at an age is 1 - Kaplan-Meier (1958).
Its interval and test are those of a rate of as many e-mails as its Greenwood error is worth (Dorey
and Korn, "Effective sample sizes for confidence intervals for survival probabilities", 1987).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analytics.domain.customers.follow_up import MIN_AT_RISK
from analytics.domain.periods import ONE_DAY, Period
from analytics.domain.statistics.interval import Change
from analytics.domain.statistics.proportions import Share, change_of_rate
from analytics.domain.statistics.survival import kaplan_meier, step_at

# From this age on an e-mail is hardly ever answered any more.
RIPE_DAYS = 30
# An age is compared at which this share of the e-mails has reached.
MIN_KNOWN_SHARE = 0.2


@dataclass(frozen=True, slots=True, eq=False)
class Sent:
    """E-mails: days from each to its counted answer (inf: none), and how many whole days of it
    are known. An e-mail of today has none."""

    delays: NDArray[np.float64]
    known_days: NDArray[np.int64]


class AgedChange(NamedTuple):
    change: Change
    # Of the e-mails, in days, on both sides.
    age: int


def unripe_part(period: Period, *, today: date) -> Period | None:
    """The days whose e-mails are younger than RIPE_DAYS; None where the period has none of them."""
    start = max(period.start, today - timedelta(days=RIPE_DAYS - 1))
    end = min(period.end, today + ONE_DAY)
    return Period(start, end) if start < end else None


def ripe_part(period: Period, *, today: date) -> Period | None:
    end = min(period.end, today - timedelta(days=RIPE_DAYS - 1))
    return Period(period.start, end) if period.start < end else None


def change_at_equal_age(current: Sent, *, compared: Sent) -> AgedChange | None:
    """At the greatest age that enough of both have reached; None where that is not a whole day."""
    age = min(_known_age(current), _known_age(compared))
    if age < 1:
        return None
    found = change_of_rate(
        answered_within(current, days=age), compared=answered_within(compared, days=age)
    )
    return None if found is None else AgedChange(found, age)


def answered_within(sent: Sent, *, days: int) -> Share:
    """Of as many e-mails as the estimate is worth, those answered in the first so many days."""
    known = sent.known_days >= 1
    last, delays = sent.known_days[known] - 1, sent.delays[known]
    curve = kaplan_meier(np.minimum(delays, last), churned=delays <= last)
    step = step_at(curve, day=days - 1)
    rate = 1 - step.survival
    if step.standard_error == 0:
        number = float((sent.known_days >= days).sum())
    else:
        number = rate * step.survival / step.standard_error**2
    return Share(rate * number, number)


def _known_age(sent: Sent) -> int:
    needed = max(MIN_AT_RISK, math.ceil(MIN_KNOWN_SHARE * len(sent.known_days)))
    if len(sent.known_days) < needed:
        return 0
    return min(int(np.sort(sent.known_days)[-needed]), RIPE_DAYS)
