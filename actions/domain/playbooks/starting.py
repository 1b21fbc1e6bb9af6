"""What starts a playbook, and how often."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from actions.domain.rules.triggers import Trigger
from surveys.domain.answers.scoring import DETRACTOR_MAX


class StartedBy(StrEnum):
    # As the rules of the same names open follow-ups.
    SCORE = Trigger.SCORE.value
    FALL = Trigger.FALL.value
    RENEWAL = Trigger.RENEWAL.value
    CONTRACTION = Trigger.CONTRACTION.value
    BAND = Trigger.BAND.value
    ONBOARDING = Trigger.ONBOARDING.value
    SILENCE = Trigger.SILENCE.value
    # A measure of usage is `level` per cent or more below that of the 28 days before.
    USAGE = "usage"
    # One of the chosen cells of the touch table is entered.
    TOUCH = "touch"


BY_ANSWER = (StartedBy.SCORE, StartedBy.FALL)
# The level that a form begins with; what has none asks for none.
USUAL_LEVELS = {
    StartedBy.SCORE: DETRACTOR_MAX,
    StartedBy.FALL: 3,
    StartedBy.RENEWAL: 90,
    StartedBy.CONTRACTION: 10,
    StartedBy.ONBOARDING: 90,
    StartedBy.SILENCE: 14,
    StartedBy.USAGE: 50,
}
USUAL_EVERY = 90
# So far back an answer is news; what nobody judged by then is none.
NEWS_DAYS = 7
WEEKS = 52


@dataclass(frozen=True, slots=True)
class Start:
    """When a playbook starts, for whom, and after how many days again for the same customer."""

    by: StartedBy
    level: int = 0
    measure: str = ""
    # Of the touch table: one of them must be entered.
    cells: frozenset[str] = frozenset()
    # Sizes of that table; empty: customers of any size.
    sizes: frozenset[str] = frozenset()
    every_days: int = USUAL_EVERY


@dataclass(frozen=True, slots=True)
class Started:
    at: dt.datetime
    customer: int
    occasion: str


def free_since(now: dt.datetime, *, every_days: int) -> dt.datetime:
    """Whoever it was last started for by then may have it again."""
    return now - dt.timedelta(days=every_days)


def is_new(customer: int, occasion: str, *, past: Mapping[int, str]) -> bool:
    """It was not so when the playbook was switched on."""
    return past.get(customer) != occasion


def would_start(
    judged: Iterable[tuple[dt.datetime, Mapping[int, str]]],
    *,
    past: Mapping[int, str],
    every_days: int,
) -> list[Started]:
    """In order of time: as switched on at the moment of `past` and judged at each moment after."""
    found: list[Started] = []
    last: dict[int, dt.datetime] = {}
    known: set[tuple[int, str]] = set()
    for at, occasions in judged:
        free = free_since(at, every_days=every_days)
        for customer, occasion in sorted(occasions.items()):
            new = is_new(customer, occasion, past=past) and (customer, occasion) not in known
            if new and last.get(customer, free) <= free:
                last[customer] = at
                known.add((customer, occasion))
                found.append(Started(at, customer, occasion))
    return found
