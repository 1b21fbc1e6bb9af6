"""Koe's Celery application on a fast clock, for workers and beats that get killed.

The environment may shorten the visibility timeout, move or hasten the clock, make it fit a long run
or plant a bug.
"""

from __future__ import annotations

import datetime as dt
import os
import time
from pathlib import Path

import django
from celery.signals import task_prerun
from django.conf import settings
from django.utils import timezone

from config.celery import app

django.setup()

from surveys.sending import claim, claim_sql, dispatch, journal  # noqa: E402

app.conf.beat_schedule = {
    "dispatch": {"task": "surveys.tasks.dispatch", "schedule": 1.0},
    "sweep": {"task": "surveys.tasks.sweep", "schedule": 1.0},
}
app.conf.beat_max_loop_interval = 0.5
if os.environ.get("FAULT_VISIBILITY"):
    app.conf.broker_transport_options = {
        "visibility_timeout": int(os.environ["FAULT_VISIBILITY"]),
        # Kombu looks for what to hand out anew every 100 seconds; no test lasts that long. (Where
        # the broker dies during such a look, kombu 5.7.0 may end the worker: nowhere else.)
        "unacked_restore_interval": 1,
        "unacked_restore_throttle": 1,
    }
dispatch.LEASE = dt.timedelta(seconds=float(os.environ.get("FAULT_LEASE", "3")))
dispatch.BATCH = int(os.environ.get("FAULT_BATCH", "10"))


@task_prerun.connect
def note_redelivery(task, **_rest):
    if (task.request.delivery_info or {}).get("redelivered"):
        with (Path(settings.VAR_DIR) / "redelivered").open("a") as file:
            file.write(f"{task.name}\n")


if os.environ.get("FAULT_SOAK"):
    # A hundred thousand faults within the hour: retries come back in seconds, silence is short.
    from surveys.domain import timing
    from surveys.sending.transports import smtp

    for tick in app.conf.beat_schedule.values():
        tick["schedule"] = 3.0
    app.conf.beat_schedule["plan"] = {
        "task": "surveys.tasks.plan",
        "schedule": 10.0,
        "options": {"expires": 8.0},
    }
    timing.BACKOFF = tuple(dt.timedelta(seconds=seconds) for seconds in (0.5, 1, 2, 4))
    settings.EMAIL_TIMEOUT = smtp.DOT_PATIENCE = 1
    dispatch.MOST_IN_FLIGHT = int(os.environ["FAULT_SOAK"])

if os.environ.get("FAULT_BREAKERS") == "closed":
    # They would rightly stop all sending to a server as bad as that of the test.
    from surveys.domain.mail import breakers

    breakers.REFUSALS_IN_A_ROW = 10**9
    breakers.REFUSED_SHARE_PERCENT = 100
    breakers.WATCHED = dt.timedelta(0)

if os.environ.get("FAULT_CLOCK"):
    real_now, swing = timezone.now, float(os.environ["FAULT_CLOCK"])

    def moved_now():
        """Right, ahead, right, behind: each for two seconds."""
        return real_now() + dt.timedelta(minutes=swing * (0, 1, 0, -1)[int(time.time() / 2) % 4])

    timezone.now = moved_now

if os.environ.get("FAULT_SPEED"):
    slow_now, speed = timezone.now, float(os.environ["FAULT_SPEED"])
    origin = dt.datetime.fromisoformat(os.environ["FAULT_ORIGIN"])

    def fast_now():
        """A clock that all processes share and that runs so many times too fast."""
        return origin + (slow_now() - origin) * speed

    timezone.now = fast_now


def claim_nothing(sent, mails, **_rest):
    """The planted bug: nothing is written before the mails are handed over."""
    from surveys.models import Invitation

    claim.settle_and_give_back(sent, [])
    ids = [mail.invitation_id for mail in mails]
    waiting = set(
        Invitation.objects.filter(pk__in=ids, state="queued").values_list("pk", flat=True)
    )
    return {mail.key for mail in mails if mail.invitation_id in waiting}


def mark_any(kind, vendor):
    sql = mark(kind, vendor).replace("'sending'", "'queued'")
    return sql.replace("AND attempts_made = listed.number", "AND attempts_made < listed.number")


if os.environ.get("FAULT_MUTANT") == "send_then_mark":
    mark = claim_sql.sent
    claim_sql.sent = mark_any
    claim.settle_and_claim = claim_nothing
    claim.may_go = lambda mail, *, now: True
if os.environ.get("FAULT_MUTANT") == "journal_forgets":
    # Another: the recovery believes that what it knows nothing of was never begun.
    journal.Journal.final_dot = lambda *_: None  # type: ignore[method-assign]
    journal.Journal.accepted = lambda *_: None  # type: ignore[method-assign]
