"""When a launch takes two people, and what one of them may do about it."""

from __future__ import annotations

from enum import StrEnum


class Second(StrEnum):
    NOT_NEEDED = ""
    ASK = "ask"
    """Nobody has asked for somebody else yet, or it was changed since."""
    WAIT = "wait"
    """They asked themselves."""
    MAY = "may"
    """Somebody else asked: they are the second."""


def takes_two(people: int, *, above: int | None, approved: int = 0) -> bool:
    """`above`: how many the organisation lets one person ask; None: as many as there are.

    `approved`: the audience that two people launched. What has grown since by no more than one
    person may ask is still what they launched.
    """
    return above is not None and people > approved + above


def second(*, version: int, asked_version: int | None, asked_by_me: bool) -> Second:
    """Of a launch that takes two. A change of the campaign asks for them anew."""
    if asked_version != version:
        return Second.ASK
    return Second.WAIT if asked_by_me else Second.MAY
