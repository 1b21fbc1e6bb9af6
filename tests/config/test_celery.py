"""A worker's connection to the database: kept from task to task, as between two web requests."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

import pytest
from celery.fixups.django import DjangoWorkerFixup  # type: ignore[attr-defined]
from celery.signals import task_postrun, task_prerun
from django.db import DEFAULT_DB_ALIAS, connections

from config.celery import QUEUES, app
from tests.config.starting import ROOT


class Task:
    def __init__(self, *, is_eager: bool) -> None:
        self.request = SimpleNamespace(is_eager=is_eager)


TASK = Task(is_eager=False)


@pytest.fixture
def closed(monkeypatch) -> list[str]:
    """What was closed, of a connection that is open and in no transaction."""
    said: list[str] = []
    connection = connections[DEFAULT_DB_ALIAS]
    monkeypatch.setattr(connection, "connection", object())
    monkeypatch.setattr(connection, "in_atomic_block", False)
    monkeypatch.setattr(connection, "get_autocommit", lambda: True)
    monkeypatch.setattr(connection, "close", lambda: said.append(connection.alias))
    return said


def test_connection_is_kept_from_task_to_task(closed, monkeypatch):
    monkeypatch.setattr(connections[DEFAULT_DB_ALIAS], "close_at", time.monotonic() + 60)

    _one_task(DjangoWorkerFixup(app))

    assert closed == []


def test_old_connection_is_closed_around_a_task(closed, monkeypatch):
    monkeypatch.setattr(connections[DEFAULT_DB_ALIAS], "close_at", time.monotonic() - 1)

    _one_task(DjangoWorkerFixup(app))

    assert closed


def test_tasks_of_a_test_or_of_a_command_leave_their_connection_alone(closed, monkeypatch):
    monkeypatch.setattr(connections[DEFAULT_DB_ALIAS], "close_at", time.monotonic() - 1)

    task_postrun.send(sender=Task(is_eager=True))

    assert closed == []


def _one_task(fixup: Any) -> None:
    fixup.on_task_prerun(sender=TASK)
    task_prerun.send(sender=TASK)
    task_postrun.send(sender=TASK)
    fixup.on_task_postrun(sender=TASK)


def test_ticks_that_nobody_took_pile_up_for_minutes_only() -> None:
    lived = {name: tick["options"]["expires"] for name, tick in app.conf.beat_schedule.items()}

    assert set(lived.values()) == {120, 300}
    assert lived["deliveries"] == 120


def test_what_takes_minutes_leaves_e_mails_and_resets_their_workers() -> None:
    lines = (ROOT / "Procfile").read_text().splitlines()
    taken = {
        name: set(command.partition("--queues ")[2].split()[0].split(","))
        for name, _, command in (line.partition(":") for line in lines)
        if "--queues " in command
    }
    tasks = [tick["task"] for tick in app.conf.beat_schedule.values()]
    of_ticks = {task.rpartition(".")[2]: queue_of(task) for task in tasks}

    assert taken == {
        "worker": {"mail", "plan", "short"}, "posts": {"posts"}, "slow": {"imports", "reports"},
    }  # fmt: skip
    # Servers that hang hold up no reply and no log-in e-mail.
    assert {queue_of(f"actions.tasks.{name}") for name in ("post", "post_lane")} == {"posts"}
    assert {queue.name for queue in app.conf.task_queues} == set().union(*taken.values())
    assert {name for name, queue in of_ticks.items() if queue in taken["slow"]} == {
        "apply_waiting", "fold", "follow_up_facts", "queue_digests", "read_goals",
        "rebuild_segments", "run_playbooks", "score_health", "take_up_exports", "take_up_imports",
        "verify",
    }  # fmt: skip
    assert queue_of("accounts.tasks.run_import") == "imports"
    assert queue_of("surveys.tasks.send_batch") == "mail"
    app.loader.import_default_modules()
    named = {task for each in QUEUES.values() for task in each if "*" not in task}
    assert named <= set(app.tasks)


def queue_of(task: str) -> str:
    return str(app.amqp.router.route({}, task)["queue"].name)
