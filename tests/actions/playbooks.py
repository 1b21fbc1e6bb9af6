"""Playbooks and their runs, in one line."""

from __future__ import annotations

import datetime as dt
from typing import Any

from accounts.models import Customer
from actions.models import Playbook, PlaybookRun
from actions.queries.follow_ups.staff import workers
from actions.services.playbooks.starting import start_run
from tests.world import NOW, make_customer


def make_playbook(*titles: str, started_by: str = "contraction", **fields: Any) -> Playbook:
    """With a task for each title; one where there is none."""
    usual = {"name": "Help", "level": 10, "created_at": NOW}
    playbook = Playbook.objects.create(started_by=started_by, **{**usual, **fields})
    for position, title in enumerate(titles or ("Call",)):
        playbook.steps.create(position=position, kind="task", title=title, after_days=position)
    return playbook


def make_run(
    playbook: Playbook,
    customer: Customer | None = None,
    *,
    occasion: str = "2026-10",
    at: dt.datetime = NOW,
) -> PlaybookRun:
    run = start_run(playbook, customer or make_customer(), occasion, staff=workers(), now=at)
    assert run is not None
    return run
