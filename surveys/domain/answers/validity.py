"""How long an invitation takes answers and changes of one; exact to the second."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from surveys.domain.states import InvitationState

EDIT_WINDOW = dt.timedelta(days=7)
# Nobody needs more; a program that holds the link would write without end.
POSTS_PER_LINK = 20
POSTS_WITHIN = dt.timedelta(hours=1)
# The mail may have reached somebody. While it is being sent, an answer can overtake the outcome.
MAILED = frozenset({InvitationState.SENDING, InvitationState.SENT, InvitationState.UNKNOWN})


def may_answer(
    *,
    state: str,
    asked_at: dt.datetime | None,
    days_to_answer: int,
    first_answer_at: dt.datetime | None,
    now: dt.datetime,
) -> bool:
    """`first_answer_at`: of the answer that counts; one set aside closes nothing."""
    if asked_at is None or state not in MAILED:
        return False
    if first_answer_at is not None:
        return now < first_answer_at + EDIT_WINDOW
    return now < asked_at + dt.timedelta(days=days_to_answer)


def too_many_posts(earlier: Iterable[dt.datetime], *, now: dt.datetime) -> bool:
    return sum(now - POSTS_WITHIN < each for each in earlier) >= POSTS_PER_LINK
