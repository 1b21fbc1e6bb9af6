"""How long an invitation takes answers and changes of one; exact to the second."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from surveys.domain.states import COUNTED

EDIT_WINDOW = dt.timedelta(days=7)
# Nobody needs more; a program that holds the link would write without end.
POSTS_PER_LINK = 20
POSTS_WITHIN = dt.timedelta(hours=1)


def may_answer(
    *,
    state: str,
    asked_at: dt.datetime | None,
    days_to_answer: int,
    first_answer_at: dt.datetime | None,
    now: dt.datetime,
) -> bool:
    """`first_answer_at`: of the answer that counts; one set aside closes nothing."""
    # Also while it is being sent: an answer can overtake the outcome.
    if asked_at is None or state not in COUNTED:
        return False
    if first_answer_at is not None:
        return now < first_answer_at + EDIT_WINDOW
    return now < asked_at + dt.timedelta(days=days_to_answer)


def too_many_posts(earlier: Iterable[dt.datetime], *, now: dt.datetime) -> bool:
    return sum(now - POSTS_WITHIN < each for each in earlier) >= POSTS_PER_LINK
