"""The Celery application and the whole beat schedule.

The database row is the truth and a task only says that there is work: whatever Redis forgets, the
next tick finds again.
"""

from __future__ import annotations

import gc
import logging
import os
import sys
from functools import partial
from typing import Any

from celery import Celery
from celery.schedules import crontab
from celery.signals import beat_init, setup_logging, task_postrun, task_prerun, worker_init
from kombu import Connection, Queue
from kombu.pools import producers

from common.resilience.background import BackgroundPublisher
from common.resilience.circuit_breaker import CircuitBreaker

PUBLISH_SECONDS = 0.5
_breaker = CircuitBreaker(seconds=5)
logger = logging.getLogger(__name__)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

QUEUES = {
    "mail": ["surveys.tasks.dispatch", "surveys.tasks.send_batch", "surveys.tasks.sweep"],
    "plan": ["surveys.tasks.plan", "surveys.tasks.reschedule"],
    "imports": [
        "accounts.tasks.run_import", "accounts.tasks.take_up_imports", "accounts.tasks.fetch_file",
        "accounts.tasks.apply_waiting", "surveys.tasks.make_demo", "api.tasks.write_export",
        "api.tasks.take_up_exports",
    ],
    "reports": [
        "analytics.tasks.*", "surveys.tasks.verify", "actions.tasks.queue_digests",
        "actions.tasks.follow_up_facts", "actions.tasks.read_goals", "actions.tasks.run_playbooks",
    ],
    # Other programs' servers, each of which may take its ten seconds and hold up its likes only.
    "posts": ["actions.tasks.post", "actions.tasks.post_lane"],
    # Alerts by e-mail, replies, resets, the audit log.
    "short": [],
}  # fmt: skip

app = Celery("koe")
app.conf.update(
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    worker_soft_shutdown_timeout=30,
    worker_enable_soft_shutdown_on_idle=False,
    # One task is a handful of mails; its hard limit stays below the redelivery time.
    task_soft_time_limit=120,
    task_time_limit=180,
    broker_connection_retry_on_startup=True,
    # A Redis that is full, read-only or in MISCONF refuses instead of breaking off: a worker waits
    # for the one as for the other.
    broker_channel_error_retry=True,
    broker_transport_options={
        "visibility_timeout": 900,
        # Whoever enqueues does not wait for a broker that is away; the tick comes anyway.
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0.1,
        "interval_max": 0.1,
        "connect_retries_timeout": 1,
        "socket_connect_timeout": 2,
    },
    # Celery itself would connect anew for every task, and each connection plans its statements
    # anew: a quarter of what the e-mails cost the database. See `_close_old_connections`.
    CELERY_DB_REUSE_MAX=sys.maxsize,
    # A worker takes from all of them, or from those that its command names (Procfile): what takes
    # minutes leaves e-mails and resets their workers.
    task_queues=[Queue(name) for name in QUEUES],
    task_default_queue="short",
    task_routes={task: {"queue": name} for name, tasks in QUEUES.items() for task in tasks},
    timezone="UTC",
    beat_schedule={
        "plan": {"task": "surveys.tasks.plan", "schedule": crontab()},
        "dispatch": {"task": "surveys.tasks.dispatch", "schedule": crontab()},
        "sweep": {"task": "surveys.tasks.sweep", "schedule": crontab()},
        "imports": {"task": "accounts.tasks.take_up_imports", "schedule": crontab()},
        "waiting": {"task": "accounts.tasks.apply_waiting", "schedule": crontab()},
        "log-ins": {"task": "accounts.tasks.send_log_in_mails", "schedule": crontab()},
        "sessions": {"task": "accounts.tasks.forget_sessions", "schedule": crontab(minute="25")},
        "fetches": {"task": "accounts.tasks.fetch_files", "schedule": crontab()},
        "audit": {"task": "accounts.tasks.seal_audit_log", "schedule": crontab(minute="*/5")},
        # An answer without gesture waits 30 seconds: with this, 20 of its minute are left for the
        # queue and the mail server.
        "deliveries": {"task": "actions.tasks.deliver", "schedule": 10.0},
        "posts": {"task": "actions.tasks.post", "schedule": 10.0},
        "digests": {"task": "actions.tasks.queue_digests", "schedule": crontab(minute="*/10")},
        "replies": {"task": "actions.tasks.send_replies", "schedule": crontab()},
        "overdue": {"task": "actions.tasks.tell_overdue", "schedule": crontab(minute="7")},
        # After the scores of the night.
        "facts": {"task": "actions.tasks.follow_up_facts", "schedule": crontab(minute="50")},
        "playbooks": {"task": "actions.tasks.run_playbooks", "schedule": crontab(minute="55")},
        "autopilot": {"task": "api.tasks.ask_autopilot", "schedule": crontab(minute="*/10")},
        "calls": {"task": "api.tasks.forget_calls", "schedule": crontab(minute="35")},
        "exports": {"task": "api.tasks.take_up_exports", "schedule": crontab()},
        "fold": {"task": "analytics.tasks.fold", "schedule": 20.0},
        "segments": {"task": "analytics.tasks.rebuild_segments", "schedule": crontab()},
        # After midnight in Asia and Europe alike; a second one of the same day changes nothing.
        "health": {"task": "analytics.tasks.score_health", "schedule": crontab(minute="20")},
        # A day that is missing is read by the next tick.
        "goals": {"task": "actions.tasks.read_goals", "schedule": crontab(minute="40")},
        "forget": {
            "task": "actions.tasks.forget_deliveries",
            "schedule": crontab(hour="18", minute="50"),
        },
        "verify": {"task": "surveys.tasks.verify", "schedule": crontab(hour="18", minute="30")},
    },
)


@app.on_configure.connect
def _read_settings(sender: Celery, **_: Any) -> None:
    from django.conf import settings

    sender.conf.update(broker_url=settings.REDIS_URL)


@worker_init.connect
def _survive_the_loss_of_the_broker(**_: Any) -> None:
    from config.broker import survive_its_loss

    survive_its_loss()
    from config.heartbeats import worker_tells

    worker_tells(app)
    # Its children share what is loaded so far: the collector would touch all of it.
    gc.collect()
    gc.freeze()


@setup_logging.connect
def _log_as_the_pages_do(loglevel: int, **_: Any) -> None:
    """Celery's own handlers know nothing of what a log must not say."""
    logging.getLogger("celery").setLevel(loglevel)
    # This goes with its log: where the disk for logs is full, a stream with a line that waits would
    # stop each child from starting.
    app.log.redirect_stdouts(app.conf.worker_redirect_stdouts_level)


@beat_init.connect
def _tell_of_beat(**_: Any) -> None:
    from config.heartbeats import beat_tells

    beat_tells()


@task_prerun.connect
@task_postrun.connect
def _close_old_connections(sender: Any, **_: Any) -> None:
    """As between two web requests: what broke, and what is older than `CONN_MAX_AGE`."""
    from django.db import close_old_connections

    if not sender.request.is_eager:
        close_old_connections()


# A tick that waited long says nothing that the next one does not; clocks differ by some seconds.
for tick in app.conf.beat_schedule.values():
    every = tick["schedule"]
    tick["options"] = {"expires": 120 if isinstance(every, float) else 300}

app.autodiscover_tasks()


def enqueue(task: str, *args: Any) -> None:
    """Publish a task, by its name, once the transaction has committed.

    Services enqueue and tasks call services: the name keeps the import one-way. A broker that is
    away only delays the work to the next tick, so the failure is logged and goes no further.
    """
    from django.db import transaction

    transaction.on_commit(partial(_publish, task, args), robust=True)


def enqueue_in_background(task: str, *args: Any) -> None:
    """The same off the path of a request: for what a tick finds within seconds, anyway."""
    from django.db import transaction

    transaction.on_commit(partial(_background.publish, task, *args), robust=True)


def _publish(task: str, args: tuple[Any, ...]) -> None:
    if _breaker.is_open:
        return
    try:
        with _producer() as producer:
            app.send_task(task, args=args, retry=False, producer=producer)
    except Exception as error:  # the work is done; it must not fail for this
        _breaker.trip()
        logger.warning("%s waits for the next tick: the broker is away (%s).", task, error)


_background = BackgroundPublisher(_publish)


def _producer() -> Any:
    """On connections that soon give up; those of the workers wait as long as they must."""
    options = {**app.conf.broker_transport_options, "socket_timeout": PUBLISH_SECONDS}
    options["socket_connect_timeout"] = PUBLISH_SECONDS
    connection = Connection(app.conf.broker_url, transport_options=options)
    return producers[connection].acquire(block=True, timeout=PUBLISH_SECONDS)
