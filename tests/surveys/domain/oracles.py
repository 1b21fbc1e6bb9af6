"""What must hold of sends and slots, said without the code that keeps it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import replace
from datetime import datetime

from surveys.domain.frequency import Slots, window_after


def violations(send_times: Iterable[datetime], *, limit: int) -> list[tuple[datetime, ...]]:
    """Every run of `limit` + 1 sends of which the last came less than a window after the first."""
    ordered = sorted(send_times)
    runs = (tuple(ordered[i : i + limit + 1]) for i in range(len(ordered) - limit))
    return [run for run in runs if run[-1] < window_after(run[0])]


def unanchor(slots: Slots, *, invitation: Hashable) -> Slots:
    """To be retried: certainly not accepted, so the date goes back and the hold stays."""
    return tuple(
        replace(slot, free_at=slot.prev_free_at) if slot.held_by == invitation else slot
        for slot in slots
    )
