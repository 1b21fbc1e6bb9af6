from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from surveys import tasks
from surveys.models import Invitation
from surveys.queries.calendar.clock import WrongClock, agreed_now, database_now, offset
from surveys.queries.metrics import families
from tests.world import NOW, make_campaign, make_respondent

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def clock_off(monkeypatch):
    real = timezone.now

    def move(by: dt.timedelta) -> None:
        monkeypatch.setattr(timezone, "now", lambda: real() + by)

    return move


@pytest.mark.parametrize("by", [-59 * SECOND, 0 * SECOND, 59 * SECOND])
def test_clock_within_a_minute_goes_by_the_databases(clock_off, by):
    clock_off(by)

    assert abs(agreed_now() - database_now()) < SECOND
    assert abs(offset() - by) < SECOND


@pytest.mark.parametrize("by", [-62 * SECOND, 62 * SECOND, dt.timedelta(days=400)])
def test_machine_whose_clock_is_wrong_plans_sends_and_sweeps_nothing(clock_off, by):
    make_campaign(starts_at=NOW - dt.timedelta(days=1))
    make_respondent()
    clock_off(by)

    for task in (tasks.plan, tasks.reschedule, tasks.dispatch, tasks.sweep):
        with pytest.raises(WrongClock, match="off the database's"):
            task()
    for command in ("plan_campaigns", "dispatch_invitations", "sweep"):
        with pytest.raises(CommandError, match="off the database's"):
            call_command(command)
    assert Invitation.objects.count() == 0


def test_metrics_tell_how_far_the_clock_is_ahead(clock_off):
    clock_off(90 * SECOND)
    [found] = [each for each in families(now=NOW) if each.name == "koe_clock_ahead_seconds"]

    assert 89 < found.samples[0].value < 91


@pytest.mark.parametrize("command", ["plan_campaigns", "dispatch_invitations", "sweep"])
def test_a_tick_is_simulated_only_where_nobody_real_is_asked(command, settings, capsys):
    call_command(command, at="2026-11-24T09:00Z")
    settings.SERVED_SECURELY = True

    with pytest.raises(CommandError, match="SITE_URL without https"):
        call_command(command, at="2026-11-24T09:00Z")
