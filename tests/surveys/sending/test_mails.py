"""What is read of a batch, and who of it is not mailed at all."""

from __future__ import annotations

import pytest

from accounts.domain.contactability import SuppressionReason
from accounts.models import Suppression
from accounts.services.suppression import suppress
from surveys.models import Attempt, Slot
from tests.surveys.queued import queued, send
from tests.world import NOW, make_customer

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.mark.parametrize("reason", list(SuppressionReason))
def test_suppressed_person_is_skipped_with_the_reason_and_keeps_a_free_slot(sink, reason):
    [row, other] = queued(2)
    suppress(row.person, reason, now=NOW)

    assert send([row, other]) == {"skipped": 1, "sent": 1}
    expected = "suppressed" if reason == "manual" else reason.value
    assert (row.state, row.reason, row.settled_at) == ("skipped", expected, NOW)
    assert sink.recipients == [other.email]
    assert not Slot.objects.filter(person=row.person, free_at__gt=NOW).exists()
    assert Attempt.objects.filter(invitation=row).count() == 0


def test_lifted_suppression_does_not_stop_mail(sink):
    [row] = queued()
    suppress(row.person, SuppressionReason.BOUNCED, now=NOW)
    Suppression.objects.update(lifted_at=NOW)

    assert send([row]) == {"sent": 1}


def test_customer_that_is_gone_is_skipped(sink):
    [row] = queued(customer=make_customer(churned_on=NOW.date()))

    assert send([row]) == {"skipped": 1}
    assert (row.state, row.reason) == ("skipped", "churned_customer")


def test_erased_person_is_skipped(sink):
    [row] = queued()
    row.person.erased_at = NOW
    row.person.save()

    assert send([row]) == {"skipped": 1}
    assert (row.state, row.reason, sink.received) == ("skipped", "erased", [])
