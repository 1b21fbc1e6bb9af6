"""The cap, said once more: what must never be found in any history."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from surveys.domain.frequency import window_after


def violations(send_times: Iterable[datetime], *, limit: int) -> list[tuple[datetime, ...]]:
    """Every run of `limit` + 1 sends of which the last came less than a window after the first."""
    ordered = sorted(send_times)
    runs = (tuple(ordered[i : i + limit + 1]) for i in range(len(ordered) - limit))
    return [run for run in runs if run[-1] < window_after(run[0])]
