"""What staff do in a run of a playbook, and what the machine sees to: each by its condition."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from accounts.domain.access.audit import AuditAction
from accounts.models import StaffUser
from accounts.services.access.audit import record_event
from actions.domain.follow_ups.access import may_assign, may_work
from actions.domain.playbooks.steps import RunResult, StepState
from actions.models import PlaybookRun, RunStep
from actions.queries.follow_ups.staff import owner_among, workers
from actions.services.follow_ups.work import NotAllowed, Stale


@dataclass(frozen=True, slots=True)
class RunAct:
    """Who acts on which run."""

    run: PlaybookRun
    by: StaffUser
    now: dt.datetime

    @property
    def is_owner(self) -> bool:
        return self.run.owner_id == self.by.pk

    def must_work(self) -> None:
        if not may_work(self.by.role, is_owner=self.is_owner):
            raise NotAllowed


@transaction.atomic
def assign(act: RunAct, *, to: StaffUser) -> None:
    owned = act.run.owner_id is not None
    mine = to == act.by
    if not may_assign(act.by.role, is_owner=act.is_owner, has_owner=owned, to_oneself=mine):
        raise NotAllowed
    rows = PlaybookRun.objects.filter(pk=act.run.pk, ended_at__isnull=True, owner=act.run.owner)
    if not rows.update(owner=to, owner_by_hand=True):
        raise Stale
    record_event(AuditAction.PLAYBOOK_ASSIGN, actor=act.by, now=act.now, target=act.run, to=str(to))


def settle(act: RunAct, step: RunStep, state: StepState, *, note: str) -> None:
    """Done, skipped with the reason, or open again."""
    act.must_work()
    came = {StepState.DONE, StepState.SKIPPED} if state is StepState.OPEN else {StepState.OPEN}
    # Not by a join: the condition on the state must be that of the update itself.
    running = PlaybookRun.objects.filter(ended_at__isnull=True)
    rows = RunStep.objects.filter(pk=step.pk, state__in=came, run__in=running)
    settled = {"settled_at": act.now, "settled_by": act.by}
    if state is StepState.OPEN:
        settled = dict.fromkeys(settled)
    if not rows.update(state=state, note=note, **settled):
        raise Stale


def end(act: RunAct, *, result: RunResult, words: str) -> None:
    act.must_work()
    if not _end(act.run, result, words=words, by=act.by, now=act.now):
        raise Stale


@transaction.atomic
def _end(
    run: PlaybookRun, result: RunResult, *, words: str, by: StaffUser | None, now: dt.datetime
) -> bool:
    """False where it had ended. What was not done by then is dropped."""
    rows = PlaybookRun.objects.filter(pk=run.pk, ended_at__isnull=True)
    if not rows.update(ended_at=now, result=result, words=words, ended_by=by):
        return False
    RunStep.objects.filter(run=run, state=StepState.OPEN).update(
        state=StepState.DROPPED, settled_at=now
    )
    return True


def attend_runs(*, now: dt.datetime, today: dt.date) -> int:
    """Ends those whose customer has left, and gives those whose account changed hands to its new
    owner; how many."""
    running = PlaybookRun.objects.filter(ended_at__isnull=True)
    gone = running.filter(customer__churned_on__lte=today)
    ended = sum(_end(run, RunResult.LEFT, words="", by=None, now=now) for run in gone)
    return ended + _hand_over(workers())


def _hand_over(staff: list[StaffUser]) -> int:
    """What somebody was given stays theirs while they work here."""
    keys = [each.pk for each in staff]
    follows = Q(owner_by_hand=False) | Q(owner__isnull=True) | ~Q(owner__in=keys)
    moved = 0
    running = PlaybookRun.objects.filter(follows, ended_at__isnull=True)
    for run in running.select_related("playbook", "customer"):
        account = run.customer.owner_email
        owner = owner_among(staff, account=account, campaign=run.playbook.owner_id)
        if (owner.pk if owner else None) != run.owner_id:
            rows = PlaybookRun.objects.filter(pk=run.pk, ended_at=None, owner=run.owner_id)
            moved += rows.update(owner=owner, owner_by_hand=False)
    return moved
