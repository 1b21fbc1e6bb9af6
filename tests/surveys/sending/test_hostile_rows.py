from __future__ import annotations

from collections import Counter

import pytest
from django.utils import timezone

from accounts.models import Respondent
from benchmarks.sending import queue_invitations
from surveys.models import Invitation
from surveys.queries.delivery import findings
from surveys.sending.batch import send_batch

pytestmark = pytest.mark.django_db


def test_200_hostile_rows_among_1000_fail_alone(sink):
    """R10: a newline in an address, a name or a header never reaches the wire."""
    ids = queue_invitations(1000)
    addresses = ["a@b.example\r\nBcc: x@y.example", "no address", "ü@b.example"]
    names = ["Eve\r\nBcc: x@y.example\a", "Eve\u2028\x85Bcc: x@y.example", "\u202e=?utf-8?q?=0A?="]
    hostile = Respondent.objects.in_bulk()
    for number, row in enumerate(hostile.values()):
        if number % 5 == 0:
            row.email = addresses[number // 5 % 3]
        elif number % 5 == 1:
            row.name = names[number // 5 % 3]
    Respondent.objects.bulk_update(hostile.values(), ["email", "name"])

    for start in range(0, 1000, 100):
        send_batch(ids[start : start + 100], clock=timezone.now)

    states = Counter(Invitation.objects.values_list("state", "reason"))
    assert states == {("failed", "unfit_mail"): 200, ("sent", ""): 800}
    assert len(sink.received) == 800
    assert all(mail.message["Bcc"] is None for mail in sink.received)
    assert len({mail.recipient for mail in sink.received}) == 800
    assert list(findings(now=timezone.now())) == []
