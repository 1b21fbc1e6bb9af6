from __future__ import annotations

import datetime as dt

import pytest

from actions.queries.follow_ups.story import story_of
from actions.services.follow_ups import work
from actions.services.follow_ups.work import Act
from tests.actions.following import answered
from tests.staffing import make_staff
from tests.world import HOUR, NOW

pytestmark = pytest.mark.django_db


def test_the_story_has_answers_days_and_causes_newest_first() -> None:
    admin, response = make_staff("admin"), answered(2)
    found = response.case.follow_up
    act = Act(found, 1, admin, NOW + HOUR)
    work.snooze(act, until=dt.date(2026, 12, 1), reason="Away.")
    act = Act(found, 2, admin, NOW + 2 * HOUR)
    work.close(act, cause="price", outcome="Discount.", contacted=False)

    closed, snoozed, opened = story_of(found)
    assert (closed.cause, closed.entry.text) == ("Price", "Discount.")
    assert snoozed.until == dt.date(2026, 12, 1)
    assert opened.response == response
