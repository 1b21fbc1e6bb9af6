"""A status as it was said: of the weeks that end with the day, once, and never changed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from analytics.models import TargetStatus
from analytics.queries.target_statuses import graded_statuses, last_said
from analytics.reports.metrics.target_statuses import said_of_targets
from analytics.services.target_statuses import write_statuses
from tests.actions.goals import make_target
from tests.analytics import world
from tests.staffing import client_as

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
# Answers of April are in its weeks, those of July are not.
DAY = dt.date(2026, 6, 30)


def test_a_status_is_of_the_weeks_before_its_day_and_is_graded_by_those_after_it() -> None:
    assert said_of_targets(DAY) == []
    make_target("nps", Decimal(20))
    campaign = world.make_campaign()
    world.give_scores_apart(campaign, *[10] * 12)
    world.give_scores_apart(
        campaign, *[0] * 12, sent="2026-07-10T12:00+00:00", at="2026-07-11T12:00+00:00"
    )

    write_statuses(said_of_targets(DAY))
    TargetStatus.objects.update(value=50)
    write_statuses(said_of_targets(DAY))
    assert (last_said(), graded_statuses()[0].came_true) == (DAY, None)
    later = DAY + dt.timedelta(days=84)
    write_statuses(said_of_targets(later))

    second, first = graded_statuses()
    assert (first.day, first.value, first.target, first.status) == (DAY, 50, 20, "met")
    assert (first.later, first.came_true) == (-100, False)
    assert (second.day, second.status, second.came_true) == (later, "missed", None)
    page = client_as("admin").get("/settings/targets/").content.decode()
    assert "“Target met”: 0 of 1 came true." in page
