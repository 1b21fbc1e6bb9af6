"""What the statements of a claim write, and what of it they leave alone."""

from __future__ import annotations

import pytest

from surveys.models import Attempt, Slot
from surveys.queries.delivery import findings
from surveys.sending import claim
from surveys.sending.recovery import settle_lost
from tests.surveys.queued import MINUTE, claimed, mail_ready, queued, send
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
