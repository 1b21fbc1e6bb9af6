"""What happens that programs are told of. The names are a contract: added to, not changed."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Event(StrEnum):
    ANSWERED = "response.created"
    ANSWER_CHANGED = "response.updated"
    # It counted and counts no more: a scanner's, as it turned out.
    ANSWER_SET_ASIDE = "response.set_aside"
    FOLLOW_UP_OPENED = "follow_up.opened"
    FOLLOW_UP_CLOSED = "follow_up.closed"
    BAND_CHANGED = "health.band_changed"
    LAUNCHED = "campaign.launched"
    PAUSED = "campaign.paused"
    RESUMED = "campaign.resumed"
    ENDED = "campaign.ended"
    OPTED_OUT = "person.opted_out"
    BOUNCED = "person.bounced"


# As Delighted called them; it told of no others.
DELIGHTED = {
    Event.ANSWERED: "survey_response.created",
    Event.ANSWER_CHANGED: "survey_response.updated",
    Event.OPTED_OUT: "unsubscribe.created",
}
# What a project knows of.
OF_A_PROJECT = frozenset(
    {
        Event.ANSWERED,
        Event.ANSWER_CHANGED,
        Event.ANSWER_SET_ASIDE,
        Event.OPTED_OUT,
        Event.BOUNCED,
    }
)


class UnknownEvent(Exception):
    """The text names it."""


def events_named(names: Iterable[str], *, of: Iterable[Event]) -> list[Event]:
    """In our order, each once; in Delighted's words, too. No name: all of them."""
    known = {name: event for event, name in DELIGHTED.items()} | {each.value: each for each in of}
    allowed, wanted = set(of), list(names)
    found = {known[name] for name in wanted if name in known and known[name] in allowed}
    strange = [name for name in wanted if name not in known or known[name] not in allowed]
    if strange:
        raise UnknownEvent(", ".join(strange))
    return [each for each in Event if each in (found if wanted else allowed)]
