"""Replies to a customer that Koe sends: their states, when to try again, and the address for one's
own e-mail program.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from urllib.parse import quote

# What a template of the organisation's own may name.
PLACEHOLDERS = frozenset({"name", "customer", "organisation", "staff", "answer", "day"})
# With the waits between them about four hours: then whoever wrote it is told.
MOST_TRIES = 8
# Some mail programs cut a longer address off.
LONGEST_ADDRESS = 1800


class ReplyState(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    # Claimed, and nothing heard since: never sent again by a machine.
    UNKNOWN = "unknown"


# Its customer certainly, or perhaps, does not have it; nobody tries again.
NOT_SENT = (ReplyState.FAILED, ReplyState.UNKNOWN)


def next_try(tries: int, *, now: dt.datetime) -> dt.datetime | None:
    """After so many that were certainly not accepted; None: no more of them."""
    return None if tries >= MOST_TRIES else now + dt.timedelta(minutes=2**tries)


def quoted(comment: str, score: int) -> str:
    """What was said, as a mail program quotes it."""
    lines = comment.strip().splitlines() or [f"{score} / 10"]
    return "\n".join(f"> {line}".rstrip() for line in lines)


def mailto(address: str, *, subject: str, text: str) -> str:
    """For one's own mail program; what is too long for it ends in an ellipsis."""
    start = f"mailto:{quote(address, safe='@')}?subject={quote(subject)}&body="
    body = quote(text.replace("\n", "\r\n"))
    while len(start) + len(body) > LONGEST_ADDRESS and text:
        text = text[: len(text) * 9 // 10]
        body = quote(f"{text}…".replace("\n", "\r\n"))
    return start + body
