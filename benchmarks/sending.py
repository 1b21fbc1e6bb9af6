"""Sending by one worker against a plain smtplib loop over ready messages, to the same fast sink."""

from __future__ import annotations

import resource
import smtplib
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

# SQLite has one writer at a time.
BARS = {"postgresql": 0.5, "sqlite": 0.3}
# Short turns, many of them: what else the machine does then falls on both sides alike.
MAILS = 300
ROUNDS = 15


def run(
    *, mails: int = MAILS, rounds: int = ROUNDS, memory: tuple[int, int] | None = None
) -> list[dict[str, object]]:
    """Needs Django set up on an empty database; mails a second, medians of the rounds."""
    from django.db import connection

    results: list[dict[str, object]] = []
    for pipelining in (False, True):
        with fast_sink(pipelining=pipelining) as port:
            pairs = [(_ours(port, mails), _plain(port, mails)) for _ in range(rounds)]
        ours, peer = (statistics.median(side) for side in zip(*pairs, strict=True))
        ratio = statistics.median(mine / plain for mine, plain in pairs)
        name = f"sending, one worker, {connection.vendor}"
        results.append(
            {
                "name": name + (", server offers PIPELINING" if pipelining else ""),
                "ours": round(ours),
                "peer": round(peer),
                "ratio": round(ratio, 2),
                "bar": BARS[connection.vendor],
            }
        )
    return results + ([_memory(*memory)] if memory else [])


def _memory(few: int, many: int) -> dict[str, object]:
    """Peak memory of one process after few and after many mails; flat within a tenth."""
    peaks = {}
    with fast_sink(pipelining=False) as port:
        for wanted in (few, many):
            done = few if wanted == many else 0
            for _ in range((wanted - done) // 1000):
                _ours(port, 1000)
            peaks[wanted] = peak_memory_mb()
    ratio = peaks[many] / peaks[few]
    return {
        "name": f"sending: peak memory after {many:,} mails and after {few:,} (MB)",
        "ours": round(peaks[many], 1),
        "peer": round(peaks[few], 1),
        "ratio": round(ratio, 2),
        "bar": "<= 1.1 x",
        "ok": ratio <= 1.1,
    }


def peak_memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@contextmanager
def fast_sink(*, pipelining: bool) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    flags = ["pipelining"] if pipelining else []
    server = subprocess.Popen([sys.executable, "-m", "benchmarks.fast_sink", str(port), *flags])
    try:
        _wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait()


def _wait_for(port: int) -> None:
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("the sink did not start")


def _plain(port: int, mails: int) -> float:
    message = _ready_message()
    with smtplib.SMTP("127.0.0.1", port, local_hostname="localhost") as smtp:
        start = time.perf_counter()
        for number in range(mails):
            smtp.sendmail("survey@koe.example", [f"person{number}@example.com"], message)
        return mails / (time.perf_counter() - start)


def _ready_message() -> bytes:
    """One of our own, so that both sides send the same number of bytes."""
    from django.utils import timezone

    from surveys.models import Attempt
    from surveys.sending.batch import build
    from surveys.sending.mails import Mail, read_mails
    from surveys.sending.transports import current_transport

    [invitation_id] = queue_invitations(1)
    now = timezone.now()
    [mail] = read_mails([invitation_id], kind=Attempt.Kind.SURVEY, now=now)
    assert isinstance(mail, Mail)
    template = current_transport().compile(mail.campaign, language="en", reminder=False)
    return build(mail, template, now=now)


def _ours(port: int, mails: int) -> float:
    from django.conf import settings

    from surveys.sending import send_batch
    from surveys.sending.dispatch import BATCH
    from surveys.sending.transports import current_transport

    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    ids = queue_invitations(mails)
    _analyze()
    start = time.perf_counter()
    sent = 0
    for first in range(0, mails, BATCH):
        sent += send_batch(ids[first : first + BATCH])["sent"]
    rate = mails / (time.perf_counter() - start)
    current_transport().close()
    if sent != mails:
        raise RuntimeError(f"only {sent} of {mails} were sent")
    return rate


def _analyze() -> None:
    """A database in use knows its tables; one that was made a moment ago would scan them all."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def queue_invitations(number: int) -> list[int]:
    """Invitations of one running campaign, due and each holding a slot."""
    from django.utils import timezone

    from accounts.models import Customer, Person, Respondent
    from surveys.domain.frequency import NEVER_USED
    from surveys.models import Campaign, Invitation, Slot

    tag = Person.objects.count()
    customer, _ = Customer.objects.get_or_create(
        customer_id="bench", name="Bench Ltd", attributes={"contract": "enterprise"}
    )
    campaign, _ = Campaign.objects.get_or_create(slug="bench", name="Bench", state="running")
    people = Person.objects.bulk_create(
        Person(mail_key=f"person{tag + each}@example.com") for each in range(number)
    )
    respondents = Respondent.objects.bulk_create(
        Respondent(person=each, customer=customer, email=each.mail_key, name="Alex", language="en")
        for each in people
    )
    rows = Invitation.objects.bulk_create(
        Invitation(
            campaign=campaign,
            respondent=each,
            person_id=each.person_id,
            language="en",
            send_at=timezone.now(),
        )
        for each in respondents
    )
    Slot.objects.bulk_create(
        Slot(person_id=row.person_id, number=0, free_at=NEVER_USED, held_by=row) for row in rows
    )
    return [row.pk for row in rows]
