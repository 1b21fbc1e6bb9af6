"""How Koe is doing: the facts of `/metrics`, for the page that tells them in words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from accounts.queries.monitoring import imports_under_way, last_imports, unsealed_events
from actions.queries.deliveries.monitoring import failed_messages, waiting_messages
from common.caching.tallies import Measured, flush
from common.resilience.heartbeat import Sign, last_signs
from common.resilience.queues import waiting_tasks
from config.celery import QUEUES
from surveys.domain.mail.obstacles import is_silent
from surveys.queries.calendar.clock import offset
from surveys.queries.obstacles import SendingStatus, sending_status
from surveys.queries.tallies import ANSWERS, CAP_REFUSALS, MAILS, PAGE_SECONDS


@dataclass(frozen=True, slots=True)
class Queue:
    name: str
    worker: dt.datetime | None
    is_silent: bool
    task: dt.datetime | None
    # None: Redis does not say.
    waiting: int | None


@dataclass(frozen=True, slots=True)
class Operations:
    status: SendingStatus
    queues: list[Queue]
    beat_is_silent: bool
    mails: dict[str, int]
    refusals: dict[str, int]
    answers: dict[str, int]
    pages: dict[str, Measured]
    imported: dict[str, dt.datetime]
    imports_under_way: int
    messages_waiting: int
    messages_failed: int
    unsealed: int
    clock_ahead: float


def operations(*, now: dt.datetime) -> Operations:
    flush()
    status = sending_status(now=now)
    return Operations(
        status=status,
        queues=_queues(now),
        beat_is_silent=is_silent(status.facts.beat, now=now),
        mails=MAILS.read(),
        refusals=CAP_REFUSALS.read(),
        answers=ANSWERS.read(),
        pages=PAGE_SECONDS.read(),
        imported=last_imports(),
        imports_under_way=imports_under_way().count(),
        messages_waiting=waiting_messages().count(),
        messages_failed=failed_messages(now=now).count(),
        unsealed=unsealed_events().count(),
        clock_ahead=offset().total_seconds(),
    )


def _queues(now: dt.datetime) -> list[Queue]:
    signs, waiting = last_signs(QUEUES), waiting_tasks(QUEUES)
    return [
        Queue(
            name=name,
            worker=signs.get((Sign.WORKER, name)),
            is_silent=is_silent(signs.get((Sign.WORKER, name)), now=now),
            task=signs.get((Sign.TASK, name)),
            waiting=waiting[name],
        )
        for name in QUEUES
    ]
