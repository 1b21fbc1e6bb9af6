from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from accounts.domain.contactability import (
    SOFT_AT_MOST,
    TRIED_AGAIN_AFTER,
    SuppressionReason,
    SurveyMail,
    given_up_until,
    strongest,
)

START = datetime(2026, 1, 1, tzinfo=UTC)
S = SuppressionReason


def test_strongest_puts_the_wish_of_the_person_first() -> None:
    assert strongest(()) is None
    assert strongest([S.MANUAL, S.BOUNCED]) is S.BOUNCED
    assert strongest([S.BOUNCED, S.COMPLAINED]) is S.COMPLAINED
    assert strongest([S.COMPLAINED, S.OPTED_OUT, S.MANUAL]) is S.OPTED_OUT


DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def mailed(day: int, *soft: timedelta, arrived: bool = False) -> SurveyMail:
    at = START + day * DAY
    return SurveyMail(at, tuple(at + each for each in soft), arrived)


SOFT, LATER = mailed(0, DAY), mailed(180, DAY)
AGAIN = START + 181 * DAY + TRIED_AGAIN_AFTER


@pytest.mark.parametrize(
    ("surveys", "until"),
    [
        ([], None),
        ([SOFT], None),
        ([mailed(0, DAY, 30 * DAY, 60 * DAY)], None),
        ([SOFT, LATER], AGAIN),
        ([SOFT, mailed(90), LATER], AGAIN),  # refused for our sake in between
        ([SOFT, mailed(90, arrived=True), LATER], None),
        ([SOFT, mailed(180, DAY, arrived=True)], None),
        ([mailed(-90, arrived=True), SOFT, LATER], AGAIN),
        ([mailed(0, 0 * DAY, SOFT_AT_MOST - SECOND)], None),
        ([mailed(0, 0 * DAY, SOFT_AT_MOST)], START + SOFT_AT_MOST + TRIED_AGAIN_AFTER),
    ],
)
def test_an_address_is_given_up_by_surveys(
    surveys: list[SurveyMail], until: datetime | None
) -> None:
    for order in permutations(surveys):
        assert given_up_until(order) == until
