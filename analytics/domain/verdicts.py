"""Is a target met? Said only where chance does not decide it."""

from __future__ import annotations

from enum import StrEnum

from analytics.domain.statistics.interval import Interval


class Verdict(StrEnum):
    MET = "met"
    NOT_MET = "not_met"
    CANNOT_TELL = "cannot_tell"


# As the files of the public contract say it.
STATUS = {Verdict.MET: "met", Verdict.NOT_MET: "missed", Verdict.CANNOT_TELL: "open"}


def verdict_on(target: float, *, interval: Interval | None, at_most: bool = False) -> Verdict:
    """By the interval, not the figure: a target inside it is neither met nor missed.

    No interval stands for too few to tell. The edge counts as met.
    """
    if interval is None:
        return Verdict.CANNOT_TELL
    # Turned round, "at most" is "at least".
    worst, best, wanted = (
        (-interval.high, -interval.low, -target)
        if at_most
        else (interval.low, interval.high, target)
    )
    if worst >= wanted:
        return Verdict.MET
    return Verdict.NOT_MET if best < wanted else Verdict.CANNOT_TELL
