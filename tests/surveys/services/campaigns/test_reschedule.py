"""R65: no e-mail leaves outside its allowed hours, whatever happened since it was planned."""

from __future__ import annotations

import datetime as dt
from importlib import import_module
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.apps.registry import apps
from django.db import connection

from surveys.domain.states import CampaignState
from surveys.models import Attempt, Campaign, Invitation
from surveys.sending import dispatch_due, send_batch, sweep
from surveys.services.campaigns import reschedule
from surveys.services.campaigns.plan import plan_campaign
from surveys.services.campaigns.states import pause, resume, update_campaign
from tests.servers.fault_server import FaultServer
from tests.world import make_campaign, make_invitation, make_respondent

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
TOKYO = ZoneInfo("Asia/Tokyo")
MINUTE = dt.timedelta(minutes=1)
OFFICE = {"send_from": dt.time(9), "send_until": dt.time(18)}
ANY_HOUR = {"send_from": None, "send_until": None}
WORKING_DAYS = [0, 1, 2, 3, 4]


def at(hour: int, minute: int = 0, *, day: int = 24) -> dt.datetime:
    """November 2026 in Tokyo; the 24th is a Tuesday, the 23rd a holiday there."""
    return dt.datetime(2026, 11, day, hour, minute, tzinfo=TOKYO)


def planned(number: int = 1, *, now: dt.datetime, zone: str = "Asia/Tokyo", **fields) -> Campaign:
    campaign = make_campaign(**{"starts_at": now, **fields})
    for _ in range(number):
        make_respondent(time_zone=zone)
    assert plan_campaign(campaign, now=now).asked == number
    return campaign


def edit(campaign: Campaign, *, now: dt.datetime, **fields) -> None:
    """As a CS member does it: pause, change, resume."""
    pause(campaign, by=None, now=now)
    update_campaign(campaign, by=None, now=now, **fields)
    resume(campaign, by=None, now=now)


def dispatch(now: dt.datetime) -> int:
    return dispatch_due(now=now, foreground=True)["sent"]


def send_now(campaign: Campaign, *, now: dt.datetime) -> int:
    """What a worker does that was told of them before, without any tick in between."""
    ids = list(campaign.invitations.values_list("pk", flat=True))
    return send_batch(ids, clock=lambda: now)["sent"]


def times(campaign: Campaign) -> list[dt.datetime]:
    return list(campaign.invitations.order_by("pk").values_list("send_at", flat=True))


EDITS = {
    "hours": (OFFICE, at(9, day=25)),
    "weekdays": ({"weekdays": [3]}, at(0, day=26)),
    "holidays": ({"holidays_of": "US"}, at(0, day=27)),
}


@pytest.mark.parametrize("what", EDITS)
def test_edit_moves_what_is_planned_already(sink, what):
    fields, opens = EDITS[what]
    # 26 November is Thanksgiving in the United States.
    now = at(19) if what != "holidays" else at(19, day=26)
    campaign = planned(now=now)
    edit(campaign, now=now, **fields)

    assert send_now(campaign, now=now + MINUTE) == 0
    assert dispatch(now + MINUTE) == 0
    assert times(campaign) == [opens]
    assert dispatch(opens - MINUTE) == 0
    assert dispatch(opens) == 1


def test_wider_hours_bring_mails_forward(sink):
    campaign = planned(now=at(19), **OFFICE)
    edit(campaign, now=at(20), **ANY_HOUR)

    assert dispatch(at(20, 1)) == 1


def test_edit_of_anything_else_moves_nothing():
    campaign = planned(now=at(12), **OFFICE)
    edit(campaign, now=at(13), name="Another name")

    assert (times(campaign), Campaign.objects.get().reschedule_from) == ([at(12)], None)


def test_resume_after_the_hours_waits_for_the_next_ones(sink):
    campaign = planned(now=at(12), **OFFICE)
    pause(campaign, by=None, now=at(12))
    resume(campaign, by=None, now=at(22))

    assert send_now(campaign, now=at(22)) == 0
    assert dispatch(at(22)) == 0
    assert times(campaign) == [at(9, day=25)]
    assert dispatch(at(9, day=25)) == 1


def test_outage_over_the_weekend_and_a_holiday(sink):
    """The worker stood still from Friday noon: on Saturday, Sunday and Labour Thanksgiving Day
    nothing leaves, on Tuesday everything."""
    campaign = planned(3, now=at(12, day=20), weekdays=WORKING_DAYS, holidays_of="JP", **OFFICE)

    closed = [at(22, day=20), at(12, day=21), at(12, day=22), at(12, day=23), at(8, 59)]
    assert [send_now(campaign, now=now) for now in closed] == [0] * 5
    assert [dispatch(now) for now in closed] == [0] * 5
    assert dispatch(at(9)) == 3


def test_each_respondent_has_the_hours_of_their_own_clock(sink):
    campaign = make_campaign(starts_at=at(12), **OFFICE)
    rows = {zone: make_respondent(time_zone=zone) for zone in ["Asia/Tokyo", "Europe/Paris"]}
    plan_campaign(campaign, now=at(12))
    pause(campaign, by=None, now=at(12))
    resume(campaign, by=None, now=at(20))

    # 20:00 in Tokyo is noon in Paris.
    assert dispatch(at(20)) == 1
    [sent] = campaign.invitations.filter(state="sent")
    assert sent.respondent == rows["Europe/Paris"]


def test_pace_and_order_hold_through_an_edit_and_an_outage(sink, monkeypatch):
    monkeypatch.setattr(reschedule, "BATCH", 2)
    campaign = planned(5, now=at(16), per_hour=2, **OFFICE)
    half = 30 * MINUTE
    assert times(campaign) == [*(at(16) + half * step for step in range(4)), at(9, day=25)]

    edit(campaign, now=at(16), send_until=dt.time(17))
    assert dispatch(at(16)) == 1
    assert times(campaign) == [at(16), at(16, 30), *(at(9, day=25) + half * s for s in range(3))]

    # Nothing ran until the next day at ten: the rest keeps its order, two an hour.
    assert [dispatch(at(10, minute, day=25)) for minute in (0, 10, 30)] == [1, 0, 1]
    assert times(campaign)[1:] == [at(10, day=25) + half * step for step in range(4)]


def test_resume_keeps_the_pace_of_what_became_due_in_the_pause(sink):
    campaign = planned(4, now=at(9), per_hour=2)
    pause(campaign, by=None, now=at(9))
    resume(campaign, by=None, now=at(15))

    assert [dispatch(at(15, minute)) for minute in (0, 29, 30)] == [1, 0, 1]


def test_half_done_reschedule_is_taken_up_again_with_the_same_moments(monkeypatch):
    monkeypatch.setattr(reschedule, "BATCH", 2)
    campaign = planned(5, now=at(16), per_hour=2)
    pause(campaign, by=None, now=at(16))
    update_campaign(campaign, by=None, now=at(16), **OFFICE)
    real = reschedule.write_times
    calls: list[int] = []

    def dying(*args):
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        real(*args)

    monkeypatch.setattr(reschedule, "write_times", dying)
    with pytest.raises(KeyboardInterrupt):
        reschedule.reschedule_due(now=at(16, 1))
    reschedule.reschedule_due(now=at(16, 5))

    half = 30 * MINUTE
    assert times(campaign) == [*(at(16) + half * step for step in range(4)), at(9, day=25)]


def test_retry_keeps_to_the_hours(sink, mail_server):
    campaign = planned(now=at(17, 59), **OFFICE)
    with FaultServer({"rcpt": "450 4.2.1 later"}) as server:
        mail_server(server.port)
        dispatch(at(17, 59) + dt.timedelta(seconds=30))
    mail_server(sink.port)
    row = campaign.invitations.get()
    assert (row.state, row.send_at, row.send_by) == ("retry", at(9, day=25), at(18, day=25))

    assert send_now(campaign, now=at(18, day=25)) == 0
    edit(campaign, now=at(8, day=25), send_from=dt.time(11))
    assert dispatch(at(9, day=25)) == 0
    assert dispatch(at(11, day=25)) == 1


def test_mail_put_off_by_a_breaker_keeps_to_the_hours(sink):
    from surveys.models import DomainHealth

    campaign = planned(now=at(17), **OFFICE)
    DomainHealth.objects.create(domain="example.com", open_until=at(18, 30))
    dispatch(at(17))

    row = campaign.invitations.get()
    assert (row.send_at, row.send_by) == (at(9, day=25), at(18, day=25))


def test_mail_that_its_domains_pace_puts_off_beyond_the_hours_waits_for_the_next(sink, settings):
    settings.MAILS_PER_DOMAIN_PER_MINUTE = 1
    planned(2, now=at(17), **OFFICE)

    assert [dispatch(at(17, 59)), dispatch(at(18)), dispatch(at(18, 1))] == [1, 0, 0]
    assert dispatch(at(9, day=25)) == 1


def test_reminder_keeps_to_the_hours_after_an_outage_and_an_edit(sink):
    campaign = planned(now=at(9), reminder_after_days=3, **OFFICE)
    dispatch(at(9))
    sweep(now=at(9, day=27))
    row = campaign.invitations.get()
    assert (row.reminder_send_at, row.reminder_send_by) == (at(9, day=27), at(18, day=27))

    worker_at_night = send_batch([row.pk], clock=lambda: at(22, day=27), kind=Attempt.Kind.REMINDER)
    assert worker_at_night == {"not_claimed": 1}
    assert dispatch(at(22, day=27)) == 0
    edit(campaign, now=at(23, day=27), send_from=dt.time(12))
    assert [dispatch(at(9, day=28)), dispatch(at(12, day=28))] == [0, 1]


def test_campaign_whose_hours_never_open_keeps_its_mails_and_stops_no_other(sink, caplog):
    stuck = planned(now=at(12), per_hour=1)
    Campaign.objects.filter(pk=stuck.pk).update(
        send_from=dt.time(18), send_until=dt.time(9), reschedule_from=at(12)
    )
    campaign = make_campaign(starts_at=at(12))
    make_respondent()
    plan_campaign(campaign, now=at(12))

    assert dispatch(at(13)) == 2
    assert stuck.invitations.get().state == "queued"
    assert "cannot be rescheduled" in caplog.text


def test_planner_that_knows_the_hours_before_an_edit_plans_nobody_by_them():
    campaign = make_campaign(starts_at=at(19))
    make_respondent()
    stale = Campaign.objects.get()
    edit(campaign, now=at(19), **OFFICE)
    reschedule.reschedule_due(now=at(19))

    plan_campaign(stale, now=at(19))
    assert not campaign.invitations.exists()


@pytest.mark.parametrize("state", [CampaignState.DRAFT, CampaignState.CANCELLED])
def test_campaign_that_was_never_launched_or_is_over_moves_nothing(state):
    campaign = make_campaign(state=state, reschedule_from=at(9))
    make_invitation(make_respondent(), campaign, send_at=at(3))

    assert reschedule.reschedule_due(now=at(9)) == 0


LIMITS = [OFFICE, {"weekdays": WORKING_DAYS}, {"holidays_of": "JP"}]


@pytest.mark.parametrize("limits", LIMITS)
def test_mails_of_before_the_migration_get_the_end_of_their_hours(sink, limits):
    late = at(22, day=27) if "send_from" in limits else at(12, day=28)
    if "holidays_of" in limits:
        late = at(12, day=23)
    campaign = planned(2, now=at(12, day=20), **limits)
    unlimited = make_campaign()
    over = make_campaign(state=CampaignState.FINISHED, **limits)
    Invitation.objects.update(send_by=None)
    import_module("surveys.migrations.0004_sending_hours").reschedule_limited(apps, connection_of())
    marked = set(Campaign.objects.filter(reschedule_from__isnull=False))
    assert (marked, {unlimited, over} & marked) == ({campaign}, set())

    assert send_now(campaign, now=late) == 0
    Campaign.objects.filter(pk=campaign.pk).update(reschedule_from=late)
    assert dispatch(late) == 0
    assert not campaign.invitations.filter(send_by=None).exists()


def connection_of() -> SimpleNamespace:
    return SimpleNamespace(connection=connection)
