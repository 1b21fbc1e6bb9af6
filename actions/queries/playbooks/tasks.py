"""What staff have to do in runs of playbooks."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, Max, OuterRef, Q

from accounts.models import StaffUser
from actions.domain.playbooks.steps import StepKind, StepState
from actions.models import PlaybookRun, RunStep


@dataclass(frozen=True, slots=True)
class Task:
    run: PlaybookRun
    # None: all steps are settled, and the result is to be written down.
    step: RunStep | None
    due_at: dt.datetime
    is_overdue: bool


def open_tasks(staff: StaffUser | None, now: dt.datetime) -> list[Task]:
    """Of one's own runs, what is due first comes first. Nobody's: those of no one."""
    return _tasks(Q(owner=staff) if staff else Q(owner__isnull=True), now)


def all_tasks(now: dt.datetime) -> list[Task]:
    return _tasks(Q(), now)


def _tasks(whose: Q, now: dt.datetime) -> list[Task]:
    runs = PlaybookRun.objects.filter(whose, ended_at__isnull=True)
    steps = RunStep.objects.filter(state=StepState.OPEN, run__in=runs).exclude(
        kind=StepKind.WEBHOOK, channel__isnull=False
    )
    related = ("run__playbook", "run__customer", "run__owner")
    found = [
        Task(step.run, step, step.due_at, step.due_at < now)
        for step in steps.select_related(*related)
    ]
    left = RunStep.objects.filter(run=OuterRef("pk"), state=StepState.OPEN)
    settled = runs.filter(~Exists(left)).annotate(last_due=Max("steps__due_at"))
    for run in settled.select_related("playbook", "customer", "owner"):
        due = run.last_due or run.started_at
        found.append(Task(run, None, due, due < now))
    return sorted(found, key=lambda task: (task.due_at, task.run.pk))
