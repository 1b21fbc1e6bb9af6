"""A background that works, as its heartbeats say."""

from __future__ import annotations

import datetime as dt

from common.resilience.heartbeat import Sign, note
from config.celery import QUEUES


def background_works(*, now: dt.datetime) -> None:
    note(Sign.BEAT, now=now)
    for queue in QUEUES:
        note(Sign.WORKER, queue, now=now)
        note(Sign.TASK, queue, now=now)
