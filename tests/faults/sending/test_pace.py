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
from tests.faults.rig.stack import Stack, states

pytestmark = [
    pytest.mark.faults,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(240),
]
SPEED = 20
A_MINUTE = 30
MINUTES = 5
# To another domain, until all processes are at work.
FIRST = 40
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
    Respondent.objects.filter(invitations__in=queue_invitations(FIRST)).update(
        email="x@first.example"
    )
    for _ in range(2):
        paced.start_beat()
        paced.start_worker(children=2)
    paced.wait(lambda: states()["sent"] == FIRST)
    ids = queue_invitations(MINUTES * A_MINUTE)
    come_due_faster_than_the_pace(ids)
    paced.wait_until_all_tried()

    # No mail can come before a worker was told of the first.
    mails = Invitation.objects.filter(pk__in=ids)
    begun = mails.aggregate(at=Min("dispatched_at"))["at"]
    at = [(each - begun) / MINUTE for each in accepted(paced.sink_log, domain="example.com")]
    assert len(at) == MINUTES * A_MINUTE
    for number, minute in enumerate(at, start=1):
        # One minute's mails at once, then so many a minute.
        assert number <= 1.1 * A_MINUTE * (1 + minute), f"mail {number} after {minute:.2f} minutes"
    assert paced.check(most_unknown=0)["sent"] == FIRST + len(ids)


def come_due_faster_than_the_pace(ids: list[int]) -> None:
    """Three times as fast, so that no tick sees all of them."""
    now = on_the_fast_clock(timezone.now())
    rows = list(Invitation.objects.filter(pk__in=ids).order_by("pk"))
    for number, row in enumerate(rows):
        row.send_at = now + number / (3 * A_MINUTE) * MINUTE
    Invitation.objects.bulk_update(rows, ["send_at"])


def accepted(log: Path, *, domain: str) -> list[dt.datetime]:
    """When the mail server took each mail to the domain, on the workers' clock."""
    rows = [line.split("\t") for line in log.read_text().splitlines()]
    at = sorted(float(row[0]) for row in rows if row[2].endswith(f"@{domain}"))
    return [on_the_fast_clock(dt.datetime.fromtimestamp(each, tz=dt.UTC)) for each in at]


def on_the_fast_clock(moment: dt.datetime) -> dt.datetime:
    return ORIGIN + (moment - ORIGIN) * SPEED
