"""The survey cap: as many slots per person as surveys are allowed within 8,760 hours.

A slot is reserved when an invitation is planned, and anchored when its mail is claimed: from then
it is busy for the whole window. In one slot two sends are therefore at least a window apart, so
as many slots as surveys allow no more sends than that in any window.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

# A row each per person; the setting SURVEYS_PER_YEAR may allow fewer of them to be used.
SLOTS = 2
# Hours, not "a year": a leap day or a clock change must not move the edge.
WINDOW = timedelta(hours=8760)
# How long an e-mail is taken to wait for its turn at most, where a slot is kept for another one.
LATE_AT_MOST = timedelta(days=31)
NEVER_USED = datetime(1970, 1, 1, tzinfo=UTC)

Slots = tuple["Slot", ...]


@dataclass(frozen=True, slots=True)
class Slot:
    """`prev_free_at` is what `free_at` goes back to if the mail certainly was not accepted."""

    free_at: datetime = NEVER_USED
    prev_free_at: datetime = NEVER_USED
    held_by: Hashable | None = None

    def is_free(self, *, now: datetime) -> bool:
        return self.held_by is None and self.free_at <= now


@dataclass(frozen=True, slots=True)
class Kept:
    """A moment at which another survey is to be possible, and from when on none may come before."""

    at: datetime
    quiet_from: datetime | None = None


@dataclass(frozen=True, slots=True)
class Merged:
    """`cancel` lost their slot before being claimed; `in_flight` lost it while being sent."""

    slots: Slots
    cancel: tuple[Hashable, ...]
    in_flight: tuple[Hashable, ...]


def window_after(moment: datetime) -> datetime:
    """In UTC: adding to a local time would count by the wall clock, over a clock change wrongly."""
    return moment.astimezone(UTC) + WINDOW


def has_room(moments: Iterable[datetime], *, at: datetime, limit: int) -> bool:
    """Whether somebody asked at these moments may have been asked once more at `at`.

    Slots know the past as it is now; of a moment that lies back they may have forgotten what came
    a window before it.
    """
    near = sorted([at, *(each for each in moments if abs(each - at) < WINDOW)])
    return all(
        later - earlier >= WINDOW for earlier, later in zip(near, near[limit:], strict=False)
    )


def keeps_room(
    asked: Iterable[datetime], reserved: Iterable[Kept], *, at: datetime, limit: int
) -> bool:
    """Whether whoever is asked at `at` can still be asked at the moments that are kept for others.

    An e-mail may leave later than it was planned, at its campaign's pace: then, too.
    """
    kept = list(reserved)
    if any(each.quiet_from is not None and at > each.quiet_from for each in kept):
        return False
    near = [*asked, *(max(each.at, at) for each in kept)]
    return all(has_room(near, at=then, limit=limit) for then in (at, at + LATE_AT_MOST))


def asked_at(slots: Iterable[Slot], *, now: datetime) -> tuple[datetime, ...]:
    """The sends that slots tell of; of a mail that waits: now."""
    busy = (slot for slot in slots if not slot.is_free(now=now))
    return tuple(slot.free_at - WINDOW if slot.free_at > now else now for slot in busy)


def new_slots(limit: int) -> Slots:
    return (Slot(),) * limit


def next_possible(slots: Slots, *, now: datetime, limit: int | None = None) -> datetime:
    """The earliest moment a reservation can succeed; a queued mail is taken to leave at once.

    With a `limit` below the number of slots, that many fewer may be busy at the same time.
    """
    possible = sorted(_possible(slot, now=now) for slot in slots)
    return possible[len(slots) - (limit or len(slots))]


def _possible(slot: Slot, *, now: datetime) -> datetime:
    if slot.is_free(now=now):
        return now
    return slot.free_at if slot.free_at > now else window_after(now)


def merge(ours: Slots, theirs: Slots, *, limit: int, now: datetime) -> Merged:
    """The most restrictive slots of both: busy ones by date, then held ones, then the rest."""
    ranked = sorted(ours + theirs, key=lambda slot: _restriction(slot, now=now), reverse=True)
    kept, dropped = ranked[:limit], ranked[limit:]
    # A kept slot whose mail fails would forget the dropped send behind it, and free a place that
    # was taken: it falls back to the dropped slot's date instead of its own.
    behind = max((slot.free_at for slot in dropped), default=NEVER_USED)
    slots = tuple(
        slot if slot.held_by is None else replace(slot, prev_free_at=max(slot.prev_free_at, behind))
        for slot in kept
    )
    lost = [slot for slot in dropped if slot.held_by is not None]
    return Merged(
        slots=slots,
        cancel=tuple(slot.held_by for slot in lost if slot.free_at <= now),
        in_flight=tuple(slot.held_by for slot in lost if slot.free_at > now),
    )


def from_history(send_times: Iterable[datetime], *, limit: int) -> Slots:
    """Slots as they would stand after these sends; merge them in to add imported history."""
    latest = sorted(send_times, reverse=True)[:limit]
    used = tuple(
        Slot(free_at=window_after(moment), prev_free_at=window_after(moment)) for moment in latest
    )
    return used + new_slots(limit - len(used))


def _restriction(slot: Slot, *, now: datetime) -> tuple[bool, bool, datetime]:
    busy = slot.free_at > now
    return (busy, not busy and slot.held_by is not None, slot.free_at)
