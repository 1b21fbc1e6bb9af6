"""Sending from the launch of a campaign to the last acceptance, against a plain smtplib loop and
against django-post_office from its queue on.

The Procfile's worker and beat do ours, on a broker of their own; the peers send messages of the
same size to the same fast sink, in turns with ours.
"""

from __future__ import annotations

import os
import resource
import smtplib
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from benchmarks import harness
from benchmarks.serving import free_port

# SQLite has one writer at a time.
BARS = {"postgresql": 0.5, "sqlite": 0.3}
BAR_POST_OFFICE = 2.0
FIRST_WITHIN = 5.0
ROOT = Path(__file__).resolve().parents[1]


def run(
    *, mails: int = 10_000, rounds: int = 5, memory: tuple[int, int] | None = None
) -> list[dict[str, Any]]:
    """Needs Django set up on an empty database; mails a second, medians of the rounds."""
    from django.db import connection

    name = f"sending from launch to last acceptance, {connection.vendor}"
    with ExitStack() as stack:
        sink = stack.enter_context(fast_sink())
        stack.enter_context(_processes(sink.port))
        post_office = stack.enter_context(_post_office(connection.vendor))
        _ours(sink, 200)  # the worker's first task loads what it needs
        found = [
            (_ours(sink, mails), _plain(sink, mails), post_office(sink, mails))
            for _ in range(rounds)
        ]
    times, plain, peer = zip(*found, strict=True)
    rates = [mails / (last - launched) for launched, _, last in times]
    waited = max(first - launched for launched, first, _ in times)
    return [
        _row(f"{name} (1/s)", rates, plain, bar=BARS[connection.vendor]),
        _row(f"{name}, and django-post_office (1/s)", rates, peer, bar=BAR_POST_OFFICE),
        harness.limited(f"{name}: first e-mail", waited, bar=FIRST_WITHIN, unit="s"),
        *([_memory(*memory)] if memory else []),
    ]


def _row(name: str, ours: Sequence[float], peer: Sequence[float], *, bar: float) -> dict[str, Any]:
    return {
        "name": name,
        "ours": round(statistics.median(ours)),
        "peer": round(statistics.median(peer)),
        "ratio": round(statistics.median(a / b for a, b in zip(ours, peer, strict=True)), 2),
        "bar": bar,
    }


def _memory(few: int, many: int) -> dict[str, Any]:
    """Peak memory of one process after few and after many mails; flat within a tenth."""
    from django.conf import settings

    from surveys.sending import send_batch

    peaks = {}
    with fast_sink() as sink:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        for wanted in (few, many):
            done = few if wanted == many else 0
            for _ in range((wanted - done) // 1000):
                send_batch(queue_invitations(1000))
            peaks[wanted] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    name = f"sending: peak memory after {many:,} e-mails and after {few:,} (MB)"
    return harness.compared(name, peaks[many], peaks[few], bar=1.1)


class Sink:
    """What the sink took since it was asked to begin anew."""

    def __init__(self, port: int) -> None:
        self.port = port

    def begin(self) -> None:
        with smtplib.SMTP("127.0.0.1", self.port, local_hostname="localhost") as smtp:
            smtp.rset()

    def after(self, mails: int) -> tuple[float, float]:
        """The moments of the first and of the last of so many e-mails, once they have come."""
        with smtplib.SMTP("127.0.0.1", self.port, local_hostname="localhost") as smtp:
            for _ in range(6000):
                taken, first, last = smtp.noop()[1].split()
                if int(taken) >= mails:
                    return float(first), float(last)
                time.sleep(0.1)
        raise RuntimeError(f"only {taken.decode()} of {mails} e-mails came in ten minutes")


@contextmanager
def fast_sink(*, pipelining: bool = False) -> Iterator[Sink]:
    port = free_port()
    flags = ["pipelining"] if pipelining else []
    server = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.peers.fast_sink", str(port), *flags]
    )
    try:
        _wait_for(port)
        yield Sink(port)
    finally:
        server.terminate()
        server.wait()


@contextmanager
def _processes(sink: int) -> Iterator[None]:
    """The Procfile's worker and beat, which log to where nobody reads."""
    import redis
    from django.conf import settings
    from django.db import connection

    settings.REDIS_URL = harness.REDIS
    redis.Redis.from_url(harness.REDIS).flushdb()
    lines = (line.partition(":") for line in (ROOT / "Procfile").read_text().splitlines())
    commands = {name: command for name, _, command in lines}
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        log = stack.enter_context(Path(folder, "log").open("w"))
        environment = {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "KOE_VAR_DIR": folder,
            "REDIS_URL": harness.REDIS,
            "EMAIL_URL": f"smtp://127.0.0.1:{sink}",
        }
        started = [
            subprocess.Popen(
                f"exec {commands[name]}",
                shell=True,
                cwd=ROOT,
                env=environment,
                stderr=log,
                stdout=log,
            )
            for name in ("worker", "beat")
        ]
        try:
            yield
        finally:
            for process in started:
                process.terminate()
            for process in started:
                process.wait()
            connection.close()


def _ours(sink: Sink, mails: int) -> tuple[float, float, float]:
    """When the campaign was launched, its first e-mail accepted, its last."""
    from django.utils import timezone

    from accounts.models import Customer
    from surveys.models import Campaign
    from surveys.services.campaigns.states import launch

    # Those of the rounds before are not asked again.
    Customer.objects.update(churned_on=timezone.now().date())
    _respondents(mails)
    number = Campaign.objects.count()
    campaign = Campaign.objects.create(slug=f"bench-{number}", name="Bench", state="draft")
    _analyze()
    sink.begin()
    start = time.monotonic()
    launch(campaign, by=None, now=timezone.now())
    return start, *sink.after(mails)


def _plain(sink: Sink, mails: int) -> float:
    message = _ready_message()
    with smtplib.SMTP("127.0.0.1", sink.port, local_hostname="localhost") as smtp:
        start = time.perf_counter()
        for number in range(mails):
            smtp.sendmail("survey@koe.example", [f"person{number}@example.com"], message)
        return mails / (time.perf_counter() - start)


@contextmanager
def _post_office(vendor: str) -> Iterator[Callable[[Sink, int], float]]:
    """The peer on a database of its own: from its first queued e-mail to its last acceptance."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        url = f"sqlite:///{folder}/peer.sqlite3"
        if vendor == "postgresql":
            url = stack.enter_context(harness.database())
        message = Path(folder, "message")
        message.write_bytes(_ready_message())

        def send(sink: Sink, mails: int) -> float:
            environment = {
                "DJANGO_SETTINGS_MODULE": "benchmarks.peers.sending",
                "EMAIL_URL": f"smtp://127.0.0.1:{sink.port}",
            }
            sink.begin()
            start: float = harness.run_module(
                "peers.sending", mails, message, url=url, environment=environment
            )
            return mails / (sink.after(mails)[1] - start)

        yield send


def _ready_message() -> bytes:
    """One of our own, so that both sides send the same number of bytes."""
    from django.utils import timezone

    from surveys.models import Attempt
    from surveys.sending.batch import build
    from surveys.sending.mails import Mail, read_mails
    from surveys.sending.transports import current_transport

    [invitation_id] = queue_invitations(1, state="paused")
    now = timezone.now()
    [mail] = read_mails([invitation_id], kind=Attempt.Kind.SURVEY, now=now)
    assert isinstance(mail, Mail)
    template = current_transport().compile(mail.campaign, language="en", reminder=False)
    return build(mail, template, now=now)


def _analyze() -> None:
    """A database in use knows its tables; one that was made a moment ago would scan them all."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _respondents(number: int) -> list[Any]:
    """As many as were never asked, of a customer of their own."""
    from accounts.models import Customer, Person, Respondent

    tag = Person.objects.count()
    customer = Customer.objects.create(
        customer_id=f"bench-{tag}", name="Bench Ltd", attributes={"contract": "enterprise"}
    )
    people = Person.objects.bulk_create(
        Person(mail_key=f"person{tag + each}@example.com") for each in range(number)
    )
    return Respondent.objects.bulk_create(
        Respondent(person=each, customer=customer, email=each.mail_key, name="Alex", language="en")
        for each in people
    )


def queue_invitations(number: int, *, state: str = "running") -> list[int]:
    """Invitations of one campaign, due and each holding a slot."""
    from django.utils import timezone

    from surveys.domain.frequency import NEVER_USED
    from surveys.models import Campaign, Invitation, Slot

    campaign, _ = Campaign.objects.get_or_create(slug=f"queued-{state}", name=state, state=state)
    rows = Invitation.objects.bulk_create(
        Invitation(
            campaign=campaign,
            respondent=each,
            person_id=each.person_id,
            language="en",
            send_at=timezone.now(),
        )
        for each in _respondents(number)
    )
    Slot.objects.bulk_create(
        Slot(person_id=row.person_id, number=0, free_at=NEVER_USED, held_by=row) for row in rows
    )
    return [row.pk for row in rows]


def _wait_for(port: int) -> None:
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("the sink did not start")
