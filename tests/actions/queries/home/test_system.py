from __future__ import annotations

import datetime as dt

import pytest
from django.core.cache import cache

from accounts.models import Import
from actions.domain.goals import Status
from actions.models import GoalReading
from actions.queries.home.system import goals_by_status, system
from surveys.models import DomainHealth
from surveys.queries.obstacles import sending_status
from tests.actions.goals import make_goal
from tests.surveys.working import background_works
from tests.world import DAY, HOUR, NOW, make_campaign, make_invitation, make_respondent

pytestmark = pytest.mark.django_db


def test_a_system_that_is_well() -> None:
    background_works(now=NOW - dt.timedelta(minutes=1))
    DomainHealth.objects.create(domain="", open_until=NOW - HOUR)
    for days, dry_run in ((1, True), (2, False), (3, False)):
        Import.objects.create(
            kind="usage", state="done", file_name="f", finished_at=NOW - days * DAY, dry_run=dry_run
        )

    found = system(sending_status(now=NOW), now=NOW)

    assert not any((found.is_quiet, found.is_behind, found.server_until, found.domains))
    assert found.imported == {"usage": NOW - 2 * DAY}


def test_a_system_that_is_not() -> None:
    cache.clear()
    assert system(sending_status(now=NOW), now=NOW).is_quiet
    background_works(now=NOW - HOUR)
    make_invitation(make_respondent(), make_campaign(), send_at=NOW - HOUR)
    for domain in ("", "example.com", "example.org"):
        DomainHealth.objects.create(domain=domain, open_until=NOW + HOUR)
    Import.objects.create(kind="usage", state="running", file_name="f")

    found = system(sending_status(now=NOW), now=NOW)

    assert (found.is_quiet, found.last_beat) == (True, NOW - HOUR)
    assert (found.due, found.oldest_due, found.is_behind) == (1, NOW - HOUR, True)
    assert (found.server_until, found.domains, found.waiting_imports) == (NOW + HOUR, 2, 1)


def test_goals_by_their_last_status() -> None:
    for status in ("on_course", "off_course", "off_course", ""):
        GoalReading.objects.create(
            goal=make_goal(), day=dt.date(2026, 11, 1), expected=1, reportable=True, status=status
        )
    make_goal()

    found = goals_by_status(dt.date(2026, 11, 24))
    assert found == {Status.ON_COURSE: 1, Status.OFF_COURSE: 2}
