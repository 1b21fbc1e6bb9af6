from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import call_command

from accounts.domain.contactability import SuppressionReason
from accounts.services.suppression import suppress
from surveys.domain.mail.delivery import IN_FLIGHT_AT_MOST
from surveys.models import Attempt, Campaign, Invitation, Response, Slot
from surveys.queries.delivery import findings
from surveys.sending.batch import send_batch
from surveys.sending.dispatch import dispatch_due
from surveys.sending.sweeps import sweep
from tests.servers.fault_server import DROP, FaultServer
from tests.surveys.helpers.queued import in_queue
from tests.world import (
    DAY,
    HOUR,
    NOW,
    SECOND,
    WINDOW,
    make_campaign,
    make_invitation,
    make_respondent,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
MINUTE = dt.timedelta(minutes=1)


def test_stuck_for_longer_than_a_task_lasts_is_unknown_and_counts(stuck):
    sweep(now=NOW + IN_FLIGHT_AT_MOST)
    stuck.refresh_from_db()
    assert stuck.state == "sending"

    later = NOW + IN_FLIGHT_AT_MOST + SECOND
    assert sweep(now=later)["unknown"] == 1
    assert sweep(now=later)["unknown"] == 0
    stuck.refresh_from_db()
    assert (stuck.state, stuck.reason, stuck.sent_at) == ("unknown", "worker_lost", NOW)
    assert Attempt.objects.get().outcome == "unknown"
    slot = Slot.objects.order_by("-free_at").first()
    # A machine that slept may still send it: the slot is busy for the whole window after that.
    assert (slot.held_by, slot.free_at) == (None, later + HOUR + WINDOW)
    assert list(findings(now=later)) == []


def test_command_sweeps_once_by_the_clock_it_is_given(stuck, capsys):
    later = (NOW + IN_FLIGHT_AT_MOST + SECOND).isoformat()
    for _ in range(2):
        call_command("sweep", at=later)

    assert capsys.readouterr().out == "unknown=1\nnothing was left lying\n"


def test_end_of_a_campaign_skips_what_waits_and_finishes_it(sink):
    campaign = make_campaign(ends_at=NOW + DAY)
    sent, waiting = in_queue(campaign), in_queue(campaign, send_at=NOW + 2 * DAY)
    send_batch([sent.pk], clock=lambda: NOW)

    assert +sweep(now=NOW + DAY - SECOND) == {}
    assert +sweep(now=NOW + DAY) == {"skipped": 1, "finished": 1}
    campaign.refresh_from_db()
    waiting.refresh_from_db()
    assert (campaign.state, campaign.finished_at) == ("finished", NOW + DAY)
    assert (waiting.state, waiting.reason) == ("skipped", "campaign_ended")
    assert not Slot.objects.filter(person=waiting.person, held_by__isnull=False).exists()
    assert list(findings(now=NOW + DAY)) == []


@pytest.mark.parametrize("state", ["running", "paused"])
def test_what_is_too_late_for_its_occasion_is_skipped_and_frees_its_slot(state):
    campaign = make_campaign(state=state)
    waiting = in_queue(campaign, ask_by=NOW + DAY, occasion="2026-11-01")

    assert +sweep(now=NOW + DAY - SECOND) == {}
    assert +sweep(now=NOW + DAY) == {"skipped": 1}
    waiting.refresh_from_db()
    assert (waiting.state, waiting.reason) == ("skipped", "too_late")
    assert not Slot.objects.filter(held_by__isnull=False).exists()


def test_ended_campaign_sends_nothing_even_before_the_sweep(sink):
    row = in_queue(make_campaign(ends_at=NOW))

    send_batch([row.pk], clock=lambda: NOW)
    assert sink.received == []


@pytest.mark.parametrize("state", ["queued", "retry"])
def test_what_came_back_to_a_cancelled_campaign_is_cancelled(state):
    row = in_queue(make_campaign(state="cancelled"), state=state)

    done = sweep(now=NOW)
    row.refresh_from_db()
    assert (done["cancelled"], done["skipped"]) == (1, 0)
    assert (row.state, row.reason) == ("cancelled", "campaign_cancelled")
    assert not Slot.objects.filter(held_by=row).exists()


# --- reminders (R54)


def remind(now: dt.datetime) -> None:
    sweep(now=now)
    dispatch_due(now=now, foreground=True)


@pytest.fixture
def asked(sink) -> Invitation:
    row = in_queue(make_campaign(reminder_after_days=3))
    send_batch([row.pk], clock=lambda: NOW)
    row.refresh_from_db()
    return row


def test_reminder_goes_once_three_days_later_on_no_slot(asked, sink):
    before = list(Slot.objects.values())
    for day in (2.99, 3, 3.01, 4, 10, 20, 29):
        remind(NOW + day * DAY)

    asked.refresh_from_db()
    assert (asked.reminder_state, asked.reminded_at, asked.state) == ("sent", NOW + 3 * DAY, "sent")
    assert asked.sent_at == NOW
    assert len(sink.received) == len(set(sink.message_ids)) == 2
    assert list(Slot.objects.values()) == before
    assert [each.kind for each in Attempt.objects.all()] == ["survey", "reminder"]


def test_reminder_waits_three_days_whatever_the_campaign_says(sink):
    row = in_queue(make_campaign(reminder_after_days=1))
    send_batch([row.pk], clock=lambda: NOW)
    remind(NOW + 2 * DAY)

    assert len(sink.received) == 1


def answer(row: Invitation) -> None:
    Response.objects.create(invitation=row, score=9, answered_at=NOW, changed_at=NOW)


def opt_out(row: Invitation) -> None:
    suppress(row.person, SuppressionReason.OPTED_OUT, now=NOW)


def bounce(row: Invitation) -> None:
    Invitation.objects.filter(pk=row.pk).update(delivery_status="bounced")


def complain(row: Invitation) -> None:
    Invitation.objects.filter(pk=row.pk).update(delivery_status="complained")


def lose(row: Invitation) -> None:
    Invitation.objects.filter(pk=row.pk).update(state="unknown")


def pause(row: Invitation) -> None:
    Campaign.objects.update(state="paused")


@pytest.mark.parametrize("fact", [answer, opt_out, bounce, complain, lose, pause])
def test_no_reminder_after(asked, sink, fact):
    fact(asked)
    remind(NOW + 3 * DAY)

    assert len(sink.received) == 1


@pytest.mark.parametrize("fact", [answer, opt_out, bounce, complain, lose, pause])
def test_no_reminder_where_it_happens_after_the_reminder_was_queued(asked, sink, fact):
    sweep(now=NOW + 3 * DAY)
    asked.refresh_from_db()
    assert asked.reminder_state == "queued"
    fact(asked)
    dispatch_due(now=NOW + 3 * DAY, foreground=True)

    assert len(sink.received) == 1


def test_reminder_lost_after_the_final_dot_is_unknown_and_not_sent_again(asked, sink, mail_server):
    from surveys.sending.transports import current_transport

    current_transport().close()
    with FaultServer({"dot": DROP}) as server:
        mail_server(server.port)
        remind(NOW + 3 * DAY)
    mail_server(sink.port)
    for day in range(4, 20):
        remind(NOW + day * DAY)

    asked.refresh_from_db()
    assert (asked.state, asked.reminder_state, len(sink.received)) == ("sent", "unknown", 1)


def test_reminder_refused_for_now_is_tried_again(asked, sink, mail_server):
    from surveys.sending.transports import current_transport

    current_transport().close()
    with FaultServer({"rcpt": "450 4.2.1 later"}) as server:
        mail_server(server.port)
        remind(NOW + 3 * DAY)
    asked.refresh_from_db()
    assert asked.reminder_state == "retry"
    mail_server(sink.port)
    remind(asked.reminder_send_at)

    asked.refresh_from_db()
    assert (asked.reminder_state, len(sink.received)) == ("sent", 2)


def test_reminder_that_was_put_off_beyond_the_end_of_its_survey_is_not_sent(asked, sink):
    sweep(now=NOW + 3 * DAY)
    Campaign.objects.update(state="paused")
    remind(NOW + 4 * DAY)
    Campaign.objects.update(state="running")
    open_for = asked.campaign.expires_after_days

    remind(NOW + open_for * DAY)

    asked.refresh_from_db()
    assert (len(sink.received), asked.reminder_state) == (1, "cancelled")


def test_campaign_with_reminders_to_come_is_not_finished(asked):
    Campaign.objects.update(ends_at=NOW + DAY)

    assert sweep(now=NOW + 2 * DAY)["finished"] == 0
    remind(NOW + 3 * DAY)
    assert sweep(now=NOW + 4 * DAY)["finished"] == 1


@pytest.mark.parametrize("per_hour", [60, None])
def test_reminders_keep_the_pace_of_their_campaign_and_wait_for_none_of_its_other_emails(per_hour):
    campaign = make_campaign(reminder_after_days=3, per_hour=per_hour)
    for _ in range(3):
        before = NOW - 4 * DAY
        make_invitation(make_respondent(), campaign, state="sent", sent_at=before, send_at=before)
    for minute in range(5):
        at = NOW + dt.timedelta(minutes=minute)
        make_invitation(make_respondent(), campaign, send_at=at)

    sweep(now=NOW)
    sweep(now=NOW)
    moments = Invitation.objects.filter(reminder_state="queued").values_list("reminder_send_at")
    minutes = sorted((at - NOW).total_seconds() / 60 for (at,) in moments)
    assert minutes == ([0, 1, 2] if per_hour else [0, 0, 0])
