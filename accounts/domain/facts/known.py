"""How facts are named where it is recorded of what, and since when, files have told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

EVENTS, USAGE = "events:", "usage:"


def event_fact(kind: str) -> str:
    return f"{EVENTS}{kind}"


def usage_fact(measure: str) -> str:
    return f"{USAGE}{measure}"


@dataclass(frozen=True, slots=True)
class Told:
    """The first and the last day of which something is known."""

    since: date
    until: date
