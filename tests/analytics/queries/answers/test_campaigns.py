from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from analytics.queries.answers.campaigns import answers_by_day, first_day
from tests.analytics import world

pytestmark = pytest.mark.django_db


def test_answers_are_counted_by_the_days_of_the_organisation(settings) -> None:
    settings.TIME_ZONE = "Asia/Tokyo"
    campaign, customer = world.make_campaign(state="running"), world.make_customer()
    # Half past one in the night of Tokyo, and half an hour before that midnight.
    world.give_scores(customer, campaign, 9, at="2026-04-11T16:30+00:00")
    world.give_scores(customer, campaign, 8, at="2026-04-11T14:30+00:00")

    with timezone.override("UTC"):
        found = answers_by_day(campaign)

    assert found == {dt.date(2026, 4, 11): 1, dt.date(2026, 4, 12): 1}


def test_a_campaign_begins_with_its_launch_or_its_first_answer() -> None:
    today = dt.date(2026, 6, 20)
    launched = world.make_campaign(
        state="running", launched_at=dt.datetime(2026, 4, 1, tzinfo=dt.UTC)
    )
    imported = world.make_campaign(state="imported")
    world.give_scores(world.make_customer(), imported, 9, at="2025-01-05T12:00+00:00")

    assert first_day(launched, today=today) == dt.date(2026, 4, 1)
    assert first_day(imported, today=today) == dt.date(2025, 1, 5)
    assert first_day(world.make_campaign(state="entered"), today=today) == today
