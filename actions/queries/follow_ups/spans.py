"""Since when follow-ups were open and until when, for the health score."""

from __future__ import annotations

import datetime as dt

import numpy as np
from numpy.typing import NDArray

from actions.domain.follow_ups.states import ClosedAs
from actions.models import FollowUp
from analytics.queries.database.clock import day_of
from analytics.queries.database.columns import number_of_day

NEVER = np.iinfo(np.int64).max


def open_spans() -> NDArray[np.int64]:
    """A row per column: customer, first day, and the day of the closing: then it is not open."""
    found = FollowUp.objects.filter(customer__isnull=False).exclude(closed_as=ClosedAs.EARLIER)
    rows = [
        (pk, _number(opened_at), NEVER if closed_at is None else _number(closed_at))
        for pk, opened_at, closed_at in found.values_list("customer", "opened_at", "closed_at")
    ]
    return np.array(rows, dtype=np.int64).reshape(-1, 3).T


def _number(moment: dt.datetime) -> int:
    return number_of_day(day_of(moment))
