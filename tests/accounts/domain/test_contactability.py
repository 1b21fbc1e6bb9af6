from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from accounts.domain.contactability import (
    MailFact,
    SuppressionReason,
    strongest,
    suppression_after,
)

START = datetime(2026, 1, 1, tzinfo=UTC)
S = SuppressionReason


def test_strongest_puts_the_wish_of_the_person_first() -> None:
    assert strongest(()) is None
    assert strongest([S.MANUAL, S.BOUNCED]) is S.BOUNCED
    assert strongest([S.BOUNCED, S.COMPLAINED]) is S.COMPLAINED
    assert strongest([S.COMPLAINED, S.OPTED_OUT, S.MANUAL]) is S.OPTED_OUT


def soft(*offsets: timedelta) -> list[tuple[datetime, MailFact]]:
    return [(START + offset, MailFact.SOFT_BOUNCE) for offset in offsets]


DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ([], None),
        (soft(0 * DAY, 1 * DAY), None),
        (soft(0 * DAY, 1 * DAY, 2 * DAY), S.BOUNCED),
        (soft(0 * DAY, 1 * DAY, 30 * DAY), S.BOUNCED),
        (soft(0 * DAY, 1 * DAY, 30 * DAY + SECOND), None),
        (soft(0 * DAY, 40 * DAY, 50 * DAY, 60 * DAY), S.BOUNCED),
        ([(START, MailFact.HARD_BOUNCE)], S.BOUNCED),
        ([(START, MailFact.COMPLAINT)], S.COMPLAINED),
        ([(START, MailFact.HARD_BOUNCE), (START, MailFact.COMPLAINT)], S.COMPLAINED),
    ],
)
def test_suppression_after_follows_the_bounce_rules(
    facts: list[tuple[datetime, MailFact]], expected: S | None
) -> None:
    for order in permutations(facts):
        assert suppression_after(order) is expected
