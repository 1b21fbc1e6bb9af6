"""The dry run: what one person would be asked by the campaigns that go on, day by day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from heapq import heapify, heappop, heappush

from surveys.domain.campaigns.occasions import Occasion, kept_for
from surveys.domain.frequency import LATE_AT_MOST, WINDOW, Kept, has_room, keeps_room

_DAY = timedelta(days=1)


class Outcome(StrEnum):
    ASKED = "asked"
    CAPPED = "capped"
    """Also who was asked by another campaign too short a time before."""
    RESERVED = "reserved"


@dataclass(frozen=True, slots=True)
class Wanted:
    """One occasion of one campaign."""

    campaign_id: int
    occasion: Occasion
    gap: timedelta
    reserves: bool


@dataclass(frozen=True, slots=True)
class Told:
    campaign_id: int
    at: datetime
    outcome: Outcome


def told_of(
    asked: Iterable[datetime], wanted: Sequence[Wanted], *, now: datetime, limit: int
) -> tuple[list[Told], list[datetime]]:
    """What becomes of each occasion, at its day or as soon as it can; and all sends then.

    `asked` are the sends that count by now. Paces and hours are not looked at, days are.
    """
    sends = list(asked)
    told: list[Told] = []
    # Equal moments: who keeps a slot first, then by campaign, as planning goes.
    open_ = dict(enumerate(wanted))
    queue = [
        (max(now, each.occasion.due_at), not each.reserves, number)
        for number, each in open_.items()
    ]
    heapify(queue)
    why: dict[int, Outcome] = {}
    while queue:
        at, later, number = heappop(queue)
        mine = open_[number]
        if at >= mine.occasion.over_at:
            told.append(
                Told(mine.campaign_id, mine.occasion.due_at, why.get(number, Outcome.CAPPED))
            )
            del open_[number]
        elif (
            reason := _why_not(mine, sends, _kept(open_.values(), at=at), at=at, limit=limit)
        ) is None:
            sends.append(at)
            told.append(Told(mine.campaign_id, at, Outcome.ASKED))
            del open_[number]
        else:
            why[number] = reason
            wait = _days_capped(mine, sends, at=at) if reason is Outcome.CAPPED else 1
            heappush(queue, (at + wait * _DAY, later, number))
    return told, sends


def _why_not(
    mine: Wanted, sends: Sequence[datetime], kept: Iterator[Kept], *, at: datetime, limit: int
) -> Outcome | None:
    if not has_room(sends, at=at, limit=limit) or any(at - each < mine.gap for each in sends):
        return Outcome.CAPPED
    if mine.reserves or keeps_room(sends, kept, at=at, limit=limit):
        return None
    return Outcome.RESERVED


def _days_capped(mine: Wanted, sends: Sequence[datetime], *, at: datetime) -> int:
    """After how many days to look again: nothing frees before a send is long enough ago."""
    ends = (each + rest for each in sends for rest in (WINDOW, mine.gap) if each + rest > at)
    # Once it is over it keeps nothing any more, so that is not looked past.
    first = min((*ends, mine.occasion.over_at))
    return max(1, -((at - first) // _DAY))


def _kept(open_: Iterable[Wanted], *, at: datetime) -> Iterator[Kept]:
    """For what is still to be asked within the window after `at`."""
    until = at + WINDOW + LATE_AT_MOST
    return (
        kept_for(each.occasion, gap=each.gap)
        for each in open_
        if each.reserves and each.occasion.due_at < until
    )
