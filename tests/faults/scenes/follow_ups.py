"""Celery workers are killed while answers open follow-ups, alerts leave and replies are sent."""

from __future__ import annotations

import datetime as dt
import os
import random
import signal
import threading
import time
import uuid
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.models import StaffUser
from actions.domain.replies import ReplyState
from actions.models import Delivery, FollowUp, Reply
from actions.queries.follow_ups.balance import balance
from actions.queries.replies import Draft
from actions.services.alerts import on_answer
from actions.services.follow_ups.work import Act, Stale
from actions.services.replies import write_reply
from surveys.models import Invitation
from surveys.services.answers.receive import receive
from tests.faults.rig.books import read_accepted
from tests.faults.rig.stack import Stack, children_of

OWNER = "owner@koe.example"


def play(
    *, folder: Path, redis_url: str, answers: int, kills: int, seed: int, seconds: float,
    mutant: str = "",
) -> dict[str, Any]:  # fmt: skip
    from tests.surveys.helpers.invited import invite

    now, chance = timezone.now(), random.Random(seed)
    owner = StaffUser.objects.create_user(OWNER, "x", role="cs")
    asked = [invite(sent_at=now, owner_email=OWNER) for _ in range(answers)]
    # At once: not when the killing is over.
    vars(on_answer)["EVIDENCE"] = dt.timedelta()
    koe = Stack(
        folder=folder, redis_url=redis_url, delay=0.15, FAULT_ACTIONS="1", FAULT_MUTANT=mutant
    )
    customers = threading.Thread(target=_answer, args=[asked, owner])
    try:
        koe.start_beat()
        worker = koe.start_worker()
        customers.start()
        koe.wait(lambda: len(koe.accepted()) > 5, seconds=seconds)
        killed = 0
        while killed < kills:
            time.sleep(chance.uniform(0.2, 0.5))
            for child in children_of(worker):
                with suppress(ProcessLookupError):
                    os.kill(child, signal.SIGKILL)
                    killed += 1
        customers.join()
        koe.wait(_is_over, seconds=seconds)
    finally:
        koe.stop()
        customers.join()
    return {"kills": killed, **_books(koe.sink_log)}


def _answer(asked: list[Invitation], owner: StaffUser) -> None:
    """Each detractor answers, and its owner writes to them at once."""
    try:
        for each in asked:
            receive(each.public_id, {"score": ["2"]}, now=timezone.now())
            found = FollowUp.objects.get(cases__response__invitation=each)
            with suppress(Stale):
                act = Act(found, found.version, owner, timezone.now())
                write_reply(act, Draft("Sorry", "x"), to=each.respondent, key=uuid.uuid4())
            time.sleep(0.05)
    finally:
        connection.close()


def _is_over() -> bool:
    """Nothing waits any more, and what kills left in hand is told of."""
    left = Reply.objects.filter(state=ReplyState.WAITING)
    lost = Reply.objects.filter(settled_at__isnull=True)
    return not any(rows.exists() for rows in (left, lost, Delivery.objects.filter(state="waiting")))


def _books(log: Path) -> dict[str, Any]:
    """What the database says, held to what the mail server took."""
    taken = Counter(each.message_id.strip("<>").partition("@")[0] for each in read_accepted(log))
    replies = {key.hex: state for key, state in Reply.objects.values_list("key", "state")}
    rows = Delivery.objects.filter(event="answer.owner")
    alerts = {key.hex for key in rows.values_list("public_id", flat=True)}
    said = Delivery.objects.filter(event="reply.unsent").values_list("payload", flat=True)
    told = {payload["reply"] for payload in said}
    unknown = set(Reply.objects.filter(state=ReplyState.UNKNOWN).values_list("pk", flat=True))
    found = balance()
    return {
        "detractors": found.detractors,
        "followed up": found.followed_up,
        "faults": found.faults,
        "replies": len(replies),
        "replies handed over twice": sum(taken[key] > 1 for key in replies),
        "replies called sent and never handed over": sum(
            state == ReplyState.SENT and not taken[key] for key, state in replies.items()
        ),
        "replies handed over and called not sent": sum(
            state == ReplyState.FAILED and taken[key] > 0 for key, state in replies.items()
        ),
        "replies unknown": len(unknown),
        "replies unknown and not told of": len(unknown - told),
        "alerts": len(alerts),
        "alerts never handed over": sum(not taken[key] for key in alerts),
        "alerts handed over again": sum(max(taken[key] - 1, 0) for key in alerts),
    }
