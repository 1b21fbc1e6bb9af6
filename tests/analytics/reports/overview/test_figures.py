"""What the overview shows besides its figures."""

from __future__ import annotations

import datetime as dt

import pytest

from analytics.domain.periods import Period
from analytics.reports.overview.figures import latest_comments
from tests.analytics import world

pytestmark = pytest.mark.django_db

APRIL_TO_JUNE = Period.from_inclusive(dt.date(2026, 4, 1), dt.date(2026, 6, 30))
TODAY = dt.date(2026, 12, 31)


def test_comments_of_an_overview_are_the_latest_counted_detractors() -> None:
    campaign = world.make_campaign()
    customer = world.make_customer(name="Aoba")
    for score, comment, suspect in ((0, "slow", False), (9, "fine", False), (1, "bot", True)):
        invitation = world.ask(world.make_respondent(customer), campaign)
        world.answer(invitation, score, comment=comment, suspect=suspect)

    assert [each.comment for each in latest_comments(world.yearly(TODAY))] == ["slow"]
