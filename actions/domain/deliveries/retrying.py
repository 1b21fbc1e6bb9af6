"""When a delivery is tried again, and when nobody tries any longer."""

from __future__ import annotations

import datetime as dt

# As Standard Webhooks proposes: ten tries in a little more than three days.
PAUSES = tuple(
    dt.timedelta(seconds=seconds)
    for seconds in (15, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)
)
# Whoever was let down at the same moment does not come back at the same moment.
JITTER = 0.1
# Longer than any process works on one: what was not settled by then was lost with its worker.
LEASE = dt.timedelta(minutes=4)
# A receiver that asks for more patience gets it up to here.
LONGEST_WISH = dt.timedelta(hours=24)
GONE = 410
# What is told in order waits so long for what comes before it; one that a receiver will not take
# must not keep the others from it for days.
HOLDS = dt.timedelta(hours=1)
# A receiver that takes longer has its turn again after the others had theirs.
SLOW_MILLISECONDS = 3000


def next_try(attempts: int, *, now: dt.datetime, luck: float, wish: str = "") -> dt.datetime | None:
    """`luck` is from 0 to 1; `wish` is a Retry-After in seconds. None: it has failed for good."""
    if attempts > len(PAUSES):
        return None
    pause = PAUSES[attempts - 1] * (1 + JITTER * luck)
    if wish.isascii() and wish.isdigit():
        asked = dt.timedelta(seconds=min(int(wish[:9]), LONGEST_WISH.total_seconds()))
        pause = max(pause, asked)
    return now + pause


def is_accepted(status: int) -> bool:
    return 200 <= status < 300


def is_permanent(code: int) -> bool:
    """Of a mail server."""
    return 500 <= code < 600
