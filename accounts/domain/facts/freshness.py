"""Whether a source of readings still comes as often as it used to."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

# How many of the latest days and arrivals tell the rhythm, and how many gaps are too few to tell.
DAYS_KEPT, ARRIVALS_KEPT = 40, 12
MIN_GAPS = 2
# Of its gaps as many are no longer than the usual one: weekends belong to the rhythm.
USUAL = 0.9
LATE_AFTER = 2


def usual_rhythm(days: Sequence[date], arrivals: Sequence[date]) -> int | None:
    """In days: how far apart the days with readings usually are or, where that is longer, the days
    on which newer ones arrived; None where too few are known."""
    gaps = [gap for gap in (_usual_gap(days), _usual_gap(arrivals)) if gap is not None]
    return max(gaps, default=None)


def is_late(last_day: date, *, rhythm: int | None, today: date) -> bool:
    """Whether nothing came for more than twice the usual rhythm."""
    return rhythm is not None and (today - last_day).days > LATE_AFTER * rhythm


def _usual_gap(days: Sequence[date]) -> int | None:
    gaps = sorted((after - before).days for before, after in pairwise(sorted(set(days))))
    if len(gaps) < MIN_GAPS:
        return None
    return gaps[math.ceil(USUAL * len(gaps)) - 1]
