"""What the statements of a claim write, and what of it they leave alone."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from django.db import connection

from accounts.models import SegmentProfile
from surveys.domain.mail.delivery import AttemptOutcome, Phase, Verdict
from surveys.models import Attempt, Invitation, Sender, Slot
from surveys.queries.delivery import findings
from surveys.sending.claims import claim, claim_sql
from surveys.sending.compiled import Statement
from surveys.sending.recovery import settle_lost
from surveys.sending.transports.base import Result
from tests.surveys.helpers.queued import (
    MINUTE,
    accepted,
    claimed,
    mail_ready,
    queued,
    send,
    slot_of,
    to_remind,
)
from tests.world import NOW, WINDOW

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_claim_is_won_once_with_its_attempt_and_its_slot_anchored():
    row, mail = mail_ready()

    assert [claimed(mail), claimed(mail)] == [True, False]

    row.refresh_from_db()
    assert (row.state, row.attempts_made) == ("sending", 1)
    assert Attempt.objects.get().outcome == ""
    slot = Slot.objects.get(held_by=row)
    assert slot.free_at == NOW + WINDOW


def test_result_of_a_mail_that_the_sweep_gave_up_still_counts(sink, monkeypatch):
    [row] = queued()
    real = claim.settle
    given_up: list[int] = []

    def late(accepted, **rest):
        if accepted and not given_up:
            given_up.append(settle_lost(now=NOW + 16 * MINUTE))
        real(accepted, **rest)

    monkeypatch.setattr(claim, "settle", late)
    send([row])

    assert (given_up, row.state) == ([1], "sent")
    assert Attempt.objects.get().outcome == "sent"
    assert list(findings(now=NOW)) == []


@pytest.mark.parametrize("kind", list(Attempt.Kind))
def test_every_statement_runs_on_values_of_which_only_their_names_are_known(kind):
    """PostgreSQL refuses a value whose type it cannot tell, or tells it wrongly."""
    values = {
        **claim._moments(NOW),
        **dict.fromkeys(("ids", "family"), claim._ids([1])),
        **dict.fromkeys(("near", "ours", "boot"), ""),
        "id": 1,
        "sender": "w",
        "mails": "[]",
    }
    of_a_kind = claim_sql.find, claim_sql.take, claim_sql.add_attempts, claim_sql.mine
    statements = [
        *(statement(kind) for statement in (*of_a_kind, claim_sql.end_attempts, claim_sql.settle)),
        *(claim_sql.begin(kind, merged=merged) for merged in (False, True)),
        *(claim_sql.use_slots(), claim_sql.spend_slots(), claim_sql.enter()),
    ]

    assert [statement.run(values) for statement in statements] == [[]] * len(statements)
    assert Sender.objects.get().pk == "w"
    assert Attempt.objects.count() == 0


def test_claim_freezes_the_mail_and_a_reminder_leaves_it_as_it_was():
    profile = SegmentProfile.objects.create(digest="d")
    row, mail = mail_ready()
    mail.attributes, mail.profile_id = '{"plan": "it\'s 100% <<now>> é"}', profile.pk
    mail.recipient = replace(mail.recipient, address="o'neil@example.com", message_id="<1@x>")
    assert claimed(mail)
    frozen = Invitation.objects.filter(pk=row.pk).values("email", "message_id", "attributes")
    before = frozen.get()

    assert before["attributes"] == {"plan": "it's 100% <<now>> é"}
    assert (before["email"], before["message_id"]) == ("o'neil@example.com", "<1@x>")
    assert Invitation.objects.get(pk=row.pk).profile == profile

    reminder = to_remind(row)
    reminder.recipient = replace(reminder.recipient, address="b@example.com", message_id="<2@x>")
    assert claimed(reminder)
    assert frozen.get() == before
    row.refresh_from_db()
    assert (row.state, row.reminder_state, row.attempts_made) == ("sent", "sending", 1)
    assert list(Attempt.objects.order_by("pk").values_list("kind", "number", "email")) == [
        ("survey", 1, "o'neil@example.com"),
        ("reminder", 1, "b@example.com"),
    ]


def test_settlement_of_a_reminder_touches_nothing_of_its_survey():
    row, mail = mail_ready()
    assert claimed(mail)
    slot = Slot.objects.filter(person=row.person_id).order_by("pk")
    reminder = to_remind(row)
    assert claimed(reminder)
    before = list(slot.values())

    claim.settle([accepted(reminder)], kind=reminder.kind, at=NOW + MINUTE)

    row.refresh_from_db()
    assert (row.reminder_state, row.reminded_at) == ("sent", NOW + MINUTE)
    assert (row.state, row.sent_at, row.settled_at) == ("sent", NOW, None)
    assert list(slot.values()) == before
    assert list(Attempt.objects.order_by("pk").values_list("outcome", flat=True)) == ["", "sent"]


def test_what_the_server_said_is_kept_word_for_word_and_a_code_may_be_missing():
    row, mail = mail_ready()
    assert claimed(mail)
    said = "it's 100% ok <<now>> $1 ? \\ \u2028"
    result = Result(Phase.ACCEPTED, None, said, Verdict(AttemptOutcome.SENT, ""))

    claim.settle([claim.accepted(mail, result)], kind=mail.kind, at=NOW)

    attempt = Attempt.objects.get(invitation=row)
    assert (attempt.reply, attempt.code, attempt.ended_at) == (said, None, NOW)


def test_late_answer_to_an_attempt_that_was_followed_by_another_settles_that_one_only():
    """It is tried again by then: what becomes of it and of its slot is the second attempt's."""
    row, mail = mail_ready()
    assert claimed(mail)
    Invitation.objects.filter(pk=row.pk).update(attempts_made=2)
    again = Attempt.objects.create(
        invitation=row, kind=mail.kind, number=2, worker="v", started_at=NOW
    )

    claim.settle([accepted(mail)], kind=mail.kind, at=NOW + MINUTE)

    row.refresh_from_db()
    again.refresh_from_db()
    assert (row.state, row.sent_at, again.outcome) == ("sending", None, "")
    assert Attempt.objects.get(number=1).outcome == "sent"
    assert slot_of(row).held_by == row


def test_claim_whose_answer_was_lost_is_found_again_by_its_own_sender_only():
    row, mail = mail_ready()
    claim.settle_and_claim([], [mail], kind=mail.kind, sender="w", at=NOW)
    ids = claim._ids([row.pk])

    def found(sender: str, kind: Attempt.Kind) -> list[tuple[int]]:
        return claim_sql.mine(kind).run({"ids": ids, "sender": sender})

    assert found("w", mail.kind) == [(row.pk,)]
    assert found("another", mail.kind) == []
    assert found("w", Attempt.Kind.REMINDER) == []
    Attempt.objects.update(outcome="sent")
    assert found("w", mail.kind) == []


@pytest.mark.parametrize("kind", Attempt.Kind)
def test_plan_that_is_kept_finds_a_group_by_its_ids(kind):
    # Made when nobody waits, and run when everybody does: the queue must not be walked through.
    row, mail = mail_ready()
    values = {
        **dict.fromkeys(("near", "ours", "sender"), ""), **claim._moments(NOW),
        "mails": json.dumps([claim._listed(mail)]), "ids": claim._ids([row.pk]),
    }  # fmt: skip
    found = claim_sql.find(kind)
    explain = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"

    plan = str(Statement(f"{explain} {found.text}", found.names).run(values))

    assert "surveys_invitation" in plan
    assert "_due" not in plan
