"""Celery workers are killed and the broker forgets all it had while answers leave for a webhook."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import threading
import time
from collections import Counter
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from actions.domain.deliveries.states import Kind
from actions.models import Delivery
from api.domain.events import Event as Name
from api.models import Event, Subscription
from api.services.webhooks.editing import Wanted, save_webhook
from surveys.models import Invitation
from surveys.services.answers.receive import receive
from tests.faults.rig.stack import Stack, children_of
from tests.servers.receiver import Receiver

# Of the posts; a receiver has bad moments, too.
REFUSED = 0.1


class _Moody(Receiver):
    """Takes its time, and refuses now and then what it has read."""

    def answer(self, request: BaseHTTPRequestHandler, body: bytes) -> None:
        time.sleep(0.05)
        if random.random() < REFUSED:
            self.answers.append((500, {}))
        super().answer(request, body)


def play(
    *, folder: Path, redis_url: str, answers: int, kills: int, seed: int, seconds: float,
    mutant: str = "",
) -> dict[str, Any]:  # fmt: skip
    from tests.surveys.helpers.invited import invite

    random.seed(seed)
    settings.WEBHOOK_ALLOW_PRIVATE = True
    asked = [invite(sent_at=timezone.now()) for _ in range(answers)]
    koe = Stack(
        folder=folder, redis_url=redis_url, FAULT_ACTIONS="1", FAULT_MUTANT=mutant,
        WEBHOOK_ALLOW_PRIVATE="1",
    )  # fmt: skip
    with _Moody() as server:
        wanted = Wanted("CRM", Kind.WEBHOOK, "en", [Name.ANSWERED], url=server.url)
        save_webhook(Subscription(), wanted, by=None, now=timezone.now())
        customers = threading.Thread(target=_answer, args=[asked])
        try:
            koe.start_beat()
            worker = koe.start_worker()
            customers.start()
            koe.wait(lambda: len(server.taken) > 3, seconds=seconds)
            killed = _kill(koe, worker, kills=kills)
            customers.join()
            koe.wait(lambda: not Delivery.objects.filter(state="waiting").exists(), seconds=seconds)
        finally:
            koe.stop()
            customers.join()
        return {"kills": killed, **_books(server)}


def _kill(koe: Stack, worker: subprocess.Popen[bytes], *, kills: int) -> int:
    killed = 0
    while killed < kills:
        time.sleep(random.uniform(0.2, 0.6))
        koe.flush_broker()
        for child in children_of(worker):
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
                killed += 1
    return killed


def _answer(asked: list[Invitation]) -> None:
    try:
        for each in asked:
            receive(each.public_id, {"score": ["9"]}, now=timezone.now())
            time.sleep(0.05)
    finally:
        connection.close()


def _books(server: Receiver) -> dict[str, Any]:
    """What the database says, held to what the receiver took."""
    taken = [each.headers["webhook-id"].removeprefix("msg_") for each in server.taken]
    rows = [key.hex for key in Delivery.objects.order_by("pk").values_list("public_id", flat=True)]
    times, first = Counter(taken), list(dict.fromkeys(taken))
    told = {json.loads(each.body)["data"]["response"]["id"] for each in server.taken}
    return {
        "events": Event.objects.count(),
        "sent": Delivery.objects.filter(state="sent").count(),
        "answers told of": len(told),
        "never handed over": sum(not times[key] for key in rows),
        "out of order": sum(a != b for a, b in zip(first, rows, strict=False)),
        "handed over again": sum(times[key] - 1 for key in rows if times[key]),
        "tries": sum(Delivery.objects.values_list("attempts", flat=True)),
    }
