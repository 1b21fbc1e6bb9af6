"""What becomes of an e-mail whose claim was not won."""

from __future__ import annotations

from dataclasses import replace

import pytest

from accounts.domain.contactability import SuppressionReason
from accounts.models import Person
from accounts.services.suppression import suppress
from surveys.domain.reasons import InvitationReason
from surveys.domain.timing import GIVE_UP_AFTER
from surveys.models import Attempt, Campaign, Invitation, Slot
from surveys.queries.delivery import findings
from surveys.sending import batch
from surveys.sending.claims import unclaimed
from surveys.services.campaigns.states import cancel
from tests.surveys.helpers.queued import (
    before_the_turn_of,
    claimed,
    mail_ready,
    queued,
    send,
    to_remind,
)
from tests.world import NOW, SECOND, make_invitation, make_respondent

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_opt_out_between_reading_and_claiming_stops_the_mail(sink, monkeypatch):
    """R4: the claim looks at the opt-out itself."""
    [row] = queued()
    build = batch.build

    def opting_out(mail, template, **rest):
        suppress(row.person, SuppressionReason.OPTED_OUT, now=NOW)
        return build(mail, template, **rest)

    monkeypatch.setattr(batch, "build", opting_out)

    assert send([row]) == {"skipped": 1}
    assert (row.state, row.reason, sink.received) == ("skipped", "opted_out", [])


def test_invitation_without_a_slot_is_never_sent(sink):
    [row] = queued()
    Slot.objects.update(held_by=None)

    assert send([row]) == {"skipped": 1}
    assert (row.state, row.reason, row.attempts_made) == ("skipped", "capped", 0)
    assert (sink.received, Attempt.objects.count()) == ([], 0)


def test_cancel_within_a_batch_cancels_the_mails_after_the_one_in_hand(sink, monkeypatch):
    """R39."""
    rows = queued(4)
    before_the_turn_of(rows[1], monkeypatch, lambda: cancel(rows[1].campaign, by=None, now=NOW))
    counts = send(rows)

    assert counts["sent"] == 1
    assert [row.state for row in rows] == ["sent", *["cancelled"] * 3]
    assert {row.reason for row in rows[1:]} == {"campaign_cancelled"}
    assert sink.recipients == [rows[0].email]
    assert not Slot.objects.filter(held_by__in=rows).exists()
    assert list(findings(now=NOW)) == []


def test_person_who_has_the_survey_already_is_not_asked_again_under_another_address():
    row, mail = mail_ready()
    other = make_invitation(make_respondent(), row.campaign, state="sent", sent_at=NOW)
    Person.objects.filter(pk=other.person_id).update(merged_into=row.person)

    assert unclaimed.explain(mail, now=NOW) == "cancelled"
    row.refresh_from_db()
    assert (row.state, row.reason, row.settled_at) == ("cancelled", "merged", NOW)
    assert not Slot.objects.filter(held_by=row).exists()


def test_another_occasion_of_the_campaign_ends_nothing():
    row, mail = mail_ready()
    Invitation.objects.filter(pk=row.pk).update(occasion="2026-11-01")
    sent = {"state": "sent", "sent_at": NOW, "occasion": "2026-05-01"}
    other = make_invitation(make_respondent(), row.campaign, **sent)
    Person.objects.filter(pk=other.person_id).update(merged_into=row.person)

    assert unclaimed.explain(mail, now=NOW) == "not_claimed"
    both = replace(mail, family=(row.person_id, other.person_id))
    assert not unclaimed.drop_second(both, now=NOW)
    row.refresh_from_db()
    assert row.state == "queued"


def test_opt_out_is_the_reason_where_the_campaign_was_cancelled_too():
    row, mail = mail_ready()
    suppress(row.person, SuppressionReason.BOUNCED, now=NOW)
    suppress(row.person, SuppressionReason.OPTED_OUT, now=NOW)
    Campaign.objects.update(state="cancelled")

    assert unclaimed.explain(mail, now=NOW) == "skipped"
    row.refresh_from_db()
    assert row.reason == "opted_out"


@pytest.mark.parametrize(
    ("busy_for", "expected", "state"),
    [(GIVE_UP_AFTER, "not_claimed", "queued"), (GIVE_UP_AFTER + SECOND, "skipped", "skipped")],
)
def test_mail_waits_for_a_slot_that_a_mail_under_way_keeps_busy(busy_for, expected, state):
    row, mail = mail_ready()
    Slot.objects.filter(held_by=row).update(free_at=NOW + busy_for)

    assert unclaimed.explain(mail, now=NOW) == expected
    row.refresh_from_db()
    assert row.state == state


def test_mail_of_another_worker_is_left_to_it():
    row, mail = mail_ready()
    Invitation.objects.filter(pk=row.pk).update(state="sending")
    Slot.objects.filter(held_by=row).update(held_by=None)
    assert unclaimed.explain(mail, now=NOW) == "not_claimed"
    suppress(row.person, SuppressionReason.OPTED_OUT, now=NOW)
    assert unclaimed.explain(mail, now=NOW) == "not_claimed"
    Campaign.objects.update(state="cancelled")
    assert unclaimed.explain(mail, now=NOW) == "not_claimed"

    row.refresh_from_db()
    assert (row.state, row.reason) == ("sending", "")


def test_reminder_is_dropped_for_what_the_person_did_and_kept_while_its_campaign_rests():
    row, mail = mail_ready()
    assert claimed(mail)
    reminder = to_remind(row)
    Slot.objects.filter(held_by=row).update(held_by=None)
    Campaign.objects.update(state="cancelled")
    assert unclaimed.explain(reminder, now=NOW) == "not_claimed"

    suppress(row.person, SuppressionReason.OPTED_OUT, now=NOW)
    assert unclaimed.explain(reminder, now=NOW) == "skipped"
    row.refresh_from_db()
    assert (row.state, row.reason, row.reminder_state) == ("sent", "", "cancelled")


@pytest.mark.parametrize("end", [unclaimed.leave_out, unclaimed._cancel])
@pytest.mark.parametrize("state", ["queued", "retry", "sending", "unknown", "sent"])
def test_only_what_certainly_was_not_mailed_is_ended_with_its_slot_free_again(end, state):
    row, mail = mail_ready()
    Invitation.objects.filter(pk=row.pk).update(state=state)
    waits = state in {"queued", "retry"}

    assert end(mail, reason=InvitationReason.MERGED, now=NOW) is waits

    row.refresh_from_db()
    assert (row.state == state) is not waits
    assert Slot.objects.filter(held_by=row).exists() is not waits
