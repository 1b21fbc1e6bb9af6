from __future__ import annotations

import datetime as dt

import pytest

from surveys.domain.answers.validity import POSTS_PER_LINK, may_answer, too_many_posts
from surveys.domain.states import InvitationState

NOW = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC)
DAY, SECOND, HOUR = dt.timedelta(days=1), dt.timedelta(seconds=1), dt.timedelta(hours=1)


def open_for(
    *, asked: dt.datetime | None = NOW, first: dt.datetime | None = None, now: dt.datetime = NOW
) -> bool:
    return may_answer(
        state="sent", asked_at=asked, days_to_answer=30, first_answer_at=first, now=now
    )


def test_the_days_to_answer_end_to_the_second() -> None:
    assert open_for(now=NOW + 30 * DAY - SECOND)
    assert not open_for(now=NOW + 30 * DAY)


def test_an_answer_is_changed_for_seven_days_whatever_is_left_of_the_thirty() -> None:
    first = NOW + 29 * DAY
    assert open_for(first=first, now=first + 7 * DAY - SECOND)
    assert not open_for(first=first, now=first + 7 * DAY)
    assert not open_for(first=NOW, now=NOW + 7 * DAY)


def test_what_was_never_mailed_cannot_be_answered() -> None:
    assert not open_for(asked=None)
    states = {
        state
        for state in InvitationState
        if may_answer(state=state, asked_at=NOW, days_to_answer=30, first_answer_at=None, now=NOW)
    }
    assert states == {"sending", "sent", "unknown"}


@pytest.mark.parametrize(("age", "too_many"), [(HOUR - SECOND, True), (HOUR, False)])
def test_posts_count_for_an_hour(age: dt.timedelta, too_many: bool) -> None:
    assert too_many_posts([NOW - age] * POSTS_PER_LINK, now=NOW) is too_many
    assert not too_many_posts([NOW] * (POSTS_PER_LINK - 1), now=NOW)
