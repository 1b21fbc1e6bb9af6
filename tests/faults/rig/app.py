"""Koe's Celery application on a fast clock, for workers and beats that get killed.

The environment may shorten the visibility timeout, move or hasten the clock, make it fit a long run
or plant a bug.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
import time
from pathlib import Path
from types import ModuleType

import django
from celery.signals import task_prerun
from django.conf import settings
from django.utils import timezone

from config.celery import app

if os.environ.get("FAULT_AHEAD_BY"):
    import time_machine

    # All that Python tells of the time of day, in the children too.
    ahead_by = dt.timedelta(seconds=float(os.environ["FAULT_AHEAD_BY"]))
    time_machine.travel(dt.datetime.now(dt.UTC) + ahead_by, tick=True).start()

# Nobody counts here, and what counts takes longer to import than all the rest, in each process.
unused = ["analytics.tasks", *([] if os.environ.get("FAULT_ACTIONS") else ["actions.tasks"])]
sys.modules.update((name, ModuleType(name)) for name in unused)
django.setup()

from surveys.models import Attempt, Invitation  # noqa: E402
from surveys.queries.calendar import clock  # noqa: E402
from surveys.sending import batch, dispatch, recovery  # noqa: E402
from surveys.sending.claims import claim  # noqa: E402
from surveys.services import slots  # noqa: E402
from tests.faults.rig import mutants  # noqa: E402

app.conf.beat_schedule = {
    "dispatch": {"task": "surveys.tasks.dispatch", "schedule": 1.0},
    "sweep": {"task": "surveys.tasks.sweep", "schedule": 1.0},
}
if os.environ.get("FAULT_PLAN"):
    plan_every = float(os.environ["FAULT_PLAN"])
    app.conf.beat_schedule["plan"] = {"task": "surveys.tasks.plan", "schedule": plan_every}
if os.environ.get("FAULT_ACTIONS"):
    from actions.domain.deliveries import retrying
    from actions.services import replies
    from actions.services.deliveries import sending as deliveries

    app.conf.beat_schedule = {
        "deliveries": {"task": "actions.tasks.deliver", "schedule": 1.0},
        "posts": {"task": "actions.tasks.post", "schedule": 1.0},
        "replies": {"task": "actions.tasks.send_replies", "schedule": 1.0},
    }
    # What a killed worker had in hand comes back in seconds.
    for module in (replies, deliveries):
        vars(module)["LEASE"] = dt.timedelta(seconds=4)
    # What a receiver refused is tried again within a second, not within days.
    vars(retrying)["PAUSES"] = (dt.timedelta(seconds=0.5),) * 30
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
# A killed sender is known to be gone in seconds instead of minutes.
in_flight = dt.timedelta(seconds=float(os.environ.get("FAULT_IN_FLIGHT", "8")))
recovery.IN_FLIGHT_AT_MOST = in_flight  # type: ignore[attr-defined]
dispatch.BATCH = int(os.environ.get("FAULT_BATCH", "10"))
batch.GROUP = int(os.environ.get("FAULT_GROUP", "2"))


@task_prerun.connect
def note_redelivery(task, **_rest):
    if (task.request.delivery_info or {}).get("redelivered"):
        with (Path(settings.VAR_DIR) / "redelivered").open("a") as file:
            file.write(f"{task.name}\n")


if os.environ.get("FAULT_SOAK"):
    # A hundred thousand faults within the hour: retries come back in seconds, silence is short.
    from surveys.domain import timing
    from surveys.sending.transports import smtp_connection

    for tick in app.conf.beat_schedule.values():
        tick["schedule"] = 3.0
    app.conf.beat_schedule["plan"] = {
        "task": "surveys.tasks.plan",
        "schedule": 10.0,
        "options": {"expires": 8.0},
    }
    timing.BACKOFF = tuple(dt.timedelta(seconds=seconds) for seconds in (0.5, 1, 2, 4))
    settings.EMAIL_TIMEOUT = smtp_connection.DOT_TIMEOUT = 1
    dispatch.MOST_IN_FLIGHT = int(os.environ["FAULT_SOAK"])

if os.environ.get("FAULT_RETRIES") == "soon":
    from surveys.domain import timing

    timing.BACKOFF = tuple(dt.timedelta(seconds=seconds) for seconds in (0.5, 1, 2, 4))

if os.environ.get("FAULT_IN_FLIGHT"):
    in_flight = dt.timedelta(seconds=float(os.environ["FAULT_IN_FLIGHT"]))
    vars(recovery)["IN_FLIGHT_AT_MOST"] = in_flight

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
    # The database's clock with them.
    since = os.environ["FAULT_ORIGIN"]
    clock.NOW_SQL["postgresql"] = (
        f"('{since}'::timestamptz + (statement_timestamp() - '{since}'::timestamptz) * {speed})"
    )
    clock.NOW_SQL["sqlite"] = (
        f"strftime('%Y-%m-%d %H:%M:%f', julianday('{since}')"
        f" + (julianday('now') - julianday('{since}')) * {speed})"
    )


def claim_nothing(accepted, mails, **_rest):
    """The planted bug: nothing is written before the e-mail is handed over."""
    mark_any(accepted)
    waiting = Invitation.objects.filter(pk__in=[mail.invitation_id for mail in mails])
    return set(waiting.filter(state="queued").values_list("pk", flat=True))


def mark_any(accepted, **_rest):
    now = timezone.now()
    rows = Invitation.objects.filter(pk__in=[each.invitation_id for each in accepted])
    rows.update(state="sent", attempts_made=1, claimed_at=now, sent_at=now, settled_at=now)


def begin_any(*_, **_rest):
    return True


def give_back(attempt, **_rest):
    """Another: whatever its sender never reported on is believed not to have been begun."""
    Attempt.objects.filter(pk=attempt.pk).delete()
    Invitation.objects.filter(pk=attempt.invitation_id, state="sending").update(
        state="queued", attempts_made=attempt.number - 1, dispatched_at=None
    )
    slots.unanchor([attempt.invitation_id])
    return 0


if os.environ.get("FAULT_MUTANT") == "send_then_mark":
    vars(claim).update(settle_and_claim=claim_nothing, settle=mark_any, begin=begin_any)
if os.environ.get("FAULT_MUTANT") == "sweep_gives_back":
    recovery._give_up = give_back
mutants.plant(os.environ.get("FAULT_MUTANT", ""))
