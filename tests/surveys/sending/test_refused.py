"""What becomes of an e-mail whose claim was not won."""

from __future__ import annotations

import pytest

from accounts.domain.contactability import SuppressionReason
from accounts.services.suppression import suppress
from surveys.models import Attempt, Slot
from surveys.queries.delivery import findings
from surveys.sending import batch
from surveys.services.campaigns.states import cancel
from tests.surveys.queued import before_the_turn_of, queued, send
from tests.world import NOW

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
