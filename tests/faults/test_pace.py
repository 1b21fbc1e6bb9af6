"""A domain's pace, as the mail server sees it, with several workers and beats at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db.models import Min
from django.utils import timezone

from accounts.models import Respondent
from benchmarks.sending import queue_invitations
from surveys.models import Invitation
from tests.faults.stack import Stack

pytestmark = [
    pytest.mark.faults,
    pytest.mark.xdist_group("faults"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(240),
]
SPEED = 20
A_MINUTE = 30
MINUTES, FREE_DOMAIN = 5, 20
MINUTE = dt.timedelta(minutes=1)
ORIGIN = timezone.now()


@pytest.fixture
def paced(tmp_path, redis_url) -> Iterator[Stack]:
    """A minute of the workers' clock lasts three seconds."""
    koe = Stack(
        folder=tmp_path, redis_url=redis_url, delay=0,
        MAILS_PER_DOMAIN_PER_MINUTE=str(A_MINUTE), FAULT_LEASE="110",
        FAULT_SPEED=str(SPEED), FAULT_ORIGIN=ORIGIN.isoformat(),
    )  # fmt: skip
    yield koe
    koe.stop()


def test_four_workers_together_keep_the_pace_of_a_domain(paced):
    """R43: within a tenth, by the mail server's own clock."""
    ids = queue_invitations(MINUTES * A_MINUTE + FREE_DOMAIN)
    free = Respondent.objects.filter(invitations__in=ids[:FREE_DOMAIN])
    free.update(email="somebody@free.example")
    come_due_faster_than_the_pace(ids)
    for _ in range(2):
        paced.start_beat()
        paced.start_worker(children=2)
    paced.wait_until_all_tried()

    # No worker can be told of a mail before the first was told of.
    begun = Invitation.objects.aggregate(at=Min("dispatched_at"))["at"]
    at = [(each - begun) / MINUTE for each in accepted(paced.sink_log, domain="example.com")]
    assert len(at) == MINUTES * A_MINUTE
    for number, minute in enumerate(at, start=1):
        # One minute's mails at once, then so many a minute.
        assert number <= 1.1 * A_MINUTE * (1 + minute), f"mail {number} after {minute:.2f} minutes"
    # A domain that is not at its limit does not wait for the one that is.
    others = accepted(paced.sink_log, domain="free.example")
    assert (max(others) - begun) / MINUTE < at[-1]
    assert paced.check(most_unknown=0)["sent"] == len(ids)


def come_due_faster_than_the_pace(ids: list[int]) -> None:
    """Three times as fast, so that no tick sees all of them."""
    rows = list(Invitation.objects.filter(pk__in=ids).order_by("pk"))
    for number, row in enumerate(rows):
        row.send_at = on_the_fast_clock(timezone.now()) + number / (3 * A_MINUTE) * MINUTE
    Invitation.objects.bulk_update(rows, ["send_at"])


def accepted(log: Path, *, domain: str) -> list[dt.datetime]:
    """When the mail server took each mail to the domain, on the workers' clock."""
    rows = [line.split("\t") for line in log.read_text().splitlines()]
    at = sorted(float(row[0]) for row in rows if row[2].endswith(f"@{domain}"))
    return [on_the_fast_clock(dt.datetime.fromtimestamp(each, tz=dt.UTC)) for each in at]


def on_the_fast_clock(moment: dt.datetime) -> dt.datetime:
    return ORIGIN + (moment - ORIGIN) * SPEED
