"""The claim by itself: a group is claimed by one commit, and settles the one before."""

from __future__ import annotations

import pytest

from surveys.domain.mail.delivery import AttemptOutcome, Verdict
from surveys.models import Attempt, Campaign, Invitation, Sender, Slot
from surveys.sending.claims import claim
from surveys.sending.transports.base import Result
from tests.surveys.helpers.queued import claimed, mail_ready
from tests.world import NOW, SECOND, WINDOW

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_mail_of_a_group_begins_only_while_its_sender_is_known():
    """Its row went with a crash of the database, or another machine has settled what it left."""
    _, mail = mail_ready()
    claim.settle_and_claim([], [mail], kind=mail.kind, sender="w", at=NOW)

    assert not claim.begin(mail, sender="another", now=NOW)
    Sender.objects.all().delete()
    assert not claim.begin(mail, sender="w", now=NOW)


def test_group_is_claimed_as_far_as_its_rows_may_be():
    ready, paused = mail_ready(), mail_ready()
    pause_only = Campaign.objects.filter(pk=paused[0].campaign_id)
    pause_only.update(state="paused")
    mails = [ready[1], paused[1]]

    won = claim.settle_and_claim([], mails, kind=mails[0].kind, sender="w", at=NOW)

    assert won == {ready[0].pk}
    assert list(Attempt.objects.values_list("invitation_id", flat=True)) == [ready[0].pk]


def test_settlement_travels_with_the_next_claim():
    _, first = mail_ready()
    second_row, second = mail_ready()
    assert claimed(first)
    result = Result("accepted", 250, "ok", Verdict(AttemptOutcome.SENT, "accepted"))
    before = [claim.accepted(first, result)]

    later = NOW + SECOND
    assert claim.settle_and_claim(before, [second], kind=second.kind, sender="w", at=later)

    sent = Invitation.objects.get(pk=first.invitation_id)
    assert (sent.state, sent.sent_at, sent.settled_at) == ("sent", later, later)
    attempt = Attempt.objects.get(invitation=sent)
    assert (attempt.outcome, attempt.phase, attempt.code, attempt.reply) == (
        *("sent", "accepted", 250, "ok"),
    )
    assert (
        Slot.objects.filter(person=sent.person_id, held_by=None).get(free_at__gt=NOW).free_at
        == later + WINDOW
    )
    second_row.refresh_from_db()
    assert (second_row.state, second_row.claimed_at) == ("sending", later)
    # Again, as after an answer that was lost: nothing changes.
    claim.settle(before, kind=first.kind, at=later + SECOND)
    assert Invitation.objects.get(pk=first.invitation_id).sent_at == later
