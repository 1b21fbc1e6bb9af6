"""What of a customer's facts is an occasion to follow up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import pairwise

# Later than this after it became late, nobody opens it any more: the rule was not in use then.
LATE_FOR = 90
# A band that was come into longer ago is no news.
CROSSED_WITHIN = 7


def renews_soon(renews_on: dt.date, *, on: dt.date, within: int) -> bool:
    return 0 <= (renews_on - on).days <= within


def contracted(before: float, after: float, *, percent: int) -> bool:
    """What is gone is churn, and has no one to talk to."""
    return 0 < after <= before * (100 - percent) / 100


def onboarding_late(started_on: dt.date, *, on: dt.date, after: int) -> bool:
    return after < (on - started_on).days <= after + LATE_FOR


def crossed_on(nights: Sequence[tuple[dt.date, bool]]) -> dt.date | None:
    """On which of these nights, the oldest first, the worst band was come into and kept.

    Each with whether it was in it. None where it was in it all along, or no longer is.
    """
    since = None
    for (_, before), (day, now) in pairwise(nights):
        if now and not before:
            since = day
    return since if nights and nights[-1][1] else None
