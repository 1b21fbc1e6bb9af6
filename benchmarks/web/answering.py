"""Answering against bare Django views: granian with 2 workers, PostgreSQL, 16 clients.

Every POST answers an invitation of its own. The peers look the token up and insert one row in a
transaction, and render a template as large as the answer page after one query.
"""

from __future__ import annotations

import json
import os
import statistics
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks import harness
from benchmarks.serving import load, served

ROUNDS = 5
REQUESTS = int(os.environ.get("BENCH_ANSWERS", "1500"))
BAR_POST, BAR_P99, BAR_GET = 0.7, 2.0, 0.7
FORM = b"score=%d&comment=Calm+and+fast&lang=ja&opened=1&gesture=pointerdown"


def run() -> list[dict[str, Any]]:
    with harness.database() as url, tempfile.TemporaryDirectory() as folder:
        environment = {
            "REDIS_URL": harness.REDIS,
            "SECRET_KEY": "benchmark-benchmark-benchmark-benchmark-benchmark",
            "BENCH_TEMPLATES": folder,
            "KOE_VAR_DIR": folder,
        }
        found: list[dict[str, Any]] = harness.run_module(
            "web.answering", url=url, environment=environment
        )
    return found


def measure() -> list[dict[str, Any]]:
    ids = _build((2 * ROUNDS + 1) * REQUESTS)
    # Those of the last batch are only looked at.
    *batches, unanswered = (ids[at : at + REQUESTS] for at in range(0, len(ids), REQUESTS))
    _write_peer_page(ids[0])
    posts, pages = [], []
    with ExitStack() as stack:
        ours = stack.enter_context(served("config.settings", application="asgi"))
        peer = stack.enter_context(served("benchmarks.peers.answering"))
        for mine, plain in zip(batches[::2], batches[1::2], strict=True):
            own = load(ours, _posts(mine, ours=True), 303)
            bare = load(peer, _posts(plain, ours=False), 204)
            posts.append((own, bare))
        for _ in range(ROUNDS):
            own = load(ours, _gets(unanswered, ours=True), 200)
            bare = load(peer, _gets(unanswered, ours=False), 200)
            pages.append((own, bare))
    return [
        _row("POST an answer (1/s)", [(a[0], b[0]) for a, b in posts], f">= {BAR_POST} x",
             lambda ratio: ratio >= BAR_POST),
        _row("POST an answer, p99 (ms)", [(a[1], b[1]) for a, b in posts], f"<= {BAR_P99} x",
             lambda ratio: ratio <= BAR_P99),
        _row("GET the answer page (1/s)", [(a[0], b[0]) for a, b in pages], f">= {BAR_GET} x",
             lambda ratio: ratio >= BAR_GET),
    ]  # fmt: skip


def _row(name: str, pairs: list[tuple[float, float]], bar: str, holds: Any) -> dict[str, Any]:
    ours, peer = (statistics.median(side) for side in zip(*pairs, strict=True))
    ratio = statistics.median(a / b for a, b in pairs)
    return {"name": name, "ours": round(ours, 1), "peer": round(peer, 1),
            "ratio": round(ratio, 2), "bar": bar, "ok": holds(ratio)}  # fmt: skip


def _build(number: int) -> list[str]:
    from django.utils import timezone

    from accounts.models import Customer, Person, Respondent
    from surveys.models import Campaign, Invitation

    harness.make_tables()
    now = timezone.now()
    customer = Customer.objects.create(customer_id="c", name="Customer")
    campaign = Campaign.objects.create(slug="bench", name="Bench", state="running")
    people = Person.objects.bulk_create(
        (Person(mail_key=f"p{each}@example.com") for each in range(number)), batch_size=2000
    )
    respondents = Respondent.objects.bulk_create(
        (Respondent(person=each, customer=customer, email=each.mail_key, name="Name",
                    language="ja") for each in people), batch_size=2000)  # fmt: skip
    invitations = Invitation.objects.bulk_create(
        (Invitation(campaign=campaign, respondent=each, person_id=each.person_id, state="sent",
                    sent_at=now, claimed_at=now, language="ja") for each in respondents),
        batch_size=2000)  # fmt: skip
    return [each.public_id for each in invitations]


def _write_peer_page(public_id: str) -> None:
    """As large as our page, with one variable."""
    from django.test import Client

    from surveys.queries.tokens import Purpose, make_token

    token = make_token(Purpose.ANSWER, public_id)
    page = Client(HTTP_HOST="127.0.0.1").get(f"/s/{token}/?score=9").content.decode()
    template = page.replace(token, "{{ invitation.public_id }}")
    Path(os.environ["BENCH_TEMPLATES"], "page.html").write_text(template)


def _posts(ids: list[str], *, ours: bool) -> list[bytes]:
    bodies = [FORM % (number % 11) for number in range(len(ids))]
    head = (
        b"POST %b HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%b"
    )
    paths = [_path(each, ours=ours) for each in ids]
    return [head % (path, len(body), body) for path, body in zip(paths, bodies, strict=True)]


def _gets(ids: list[str], *, ours: bool) -> list[bytes]:
    paths = [_path(each, ours=ours) if ours else b"/p/%b/" % each.encode() for each in ids]
    return [b"GET %b?score=9 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" % path for path in paths]


def _path(public_id: str, *, ours: bool) -> bytes:
    from surveys.queries.tokens import Purpose, make_token

    token = make_token(Purpose.ANSWER, public_id) if ours else public_id
    return f"/s/{token}/".encode()


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(measure()))
