"""The states of a follow-up: what may follow what, which every conditional update asks."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    OPEN = "open"
    WORKING = "working"
    WAITING = "waiting"
    CLOSED = "closed"


class ClosedAs(StrEnum):
    DONE = "done"
    # Its answers were dismissed, with a reason.
    DISMISSED = "dismissed"
    # Nobody had touched it when its last answer turned out not to count.
    WITHDRAWN = "withdrawn"
    # What was done was noted at the answer, before there were follow-ups.
    EARLIER = "earlier"


class Dismissal(StrEnum):
    """Why nobody follows up an answer."""

    HISTORY = "history"
    SOLVED = "solved"
    MISTAKE = "mistake"
    NO_REPLY_WANTED = "no_reply_wanted"
    OTHER = "other"
    # Of a passive: its customer is in the hold-out.
    HELD_OUT = "held_out"


class Step(StrEnum):
    """What the history of a follow-up tells."""

    OPENED = "opened"
    JOINED = "joined"
    CHANGED = "changed"
    ASSIGNED = "assigned"
    STARTED = "started"
    SNOOZED = "snoozed"
    COMMENTED = "commented"
    CONTACTED = "contacted"
    REPLIED = "replied"
    IMPROVES = "improves"
    CLOSED = "closed"
    REOPENED = "reopened"


TRANSITIONS: dict[State, frozenset[State]] = {
    State.OPEN: frozenset({State.WORKING, State.WAITING, State.CLOSED}),
    State.WORKING: frozenset({State.WAITING, State.CLOSED}),
    State.WAITING: frozenset({State.WORKING, State.WAITING, State.CLOSED}),
    State.CLOSED: frozenset({State.WORKING}),
}
# What a person may give as the reason; the others are Koe's own.
BY_HAND = tuple(each for each in Dismissal if each not in (Dismissal.HISTORY, Dismissal.HELD_OUT))


def came_from(new: State) -> frozenset[State]:
    """The states from which `new` may be reached: the condition of a conditional update."""
    return frozenset(state for state, after in TRANSITIONS.items() if new in after)


def may_become(state: State | str, new: State) -> bool:
    return new in TRANSITIONS[State(state)]
