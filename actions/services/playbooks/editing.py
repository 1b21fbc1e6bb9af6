"""Playbooks as an admin writes them; switching one on starts nothing for what is past."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts.domain.access.audit import AuditAction
from accounts.models import StaffUser
from accounts.services.access.audit import record_event
from actions.domain.playbooks.starting import Start
from actions.domain.playbooks.steps import MOST_STEPS
from actions.models import Playbook, PlaybookStep
from actions.queries.playbooks.occasions import occasions_at


class NoSteps(ValueError):
    """A playbook that says nothing cannot be switched on."""


EDITED = (
    "name", "aim", "started_by", "level", "measure", "cells", "sizes", "every_days", "owner",
    "past",
)  # fmt: skip


@transaction.atomic
def save_playbook(playbook: Playbook, *, by: StaffUser, now: dt.datetime) -> Playbook:
    """One that is on and starts otherwise from now on starts nothing for what is past, either."""
    before = Playbook.objects.select_for_update().filter(pk=playbook.pk).first()
    if before is None:
        playbook.created_at = now
        playbook.save()
    else:
        # It may have been switched on or off since the form was shown.
        is_wider = before.is_on and _differs(before.start, playbook.start)
        playbook.past = _past(playbook.start, now=now) if is_wider else before.past
        playbook.save(update_fields=EDITED)
    start = playbook.start
    record_event(
        AuditAction.PLAYBOOK_SAVE, actor=by, now=now, target=playbook,
        started_by=start.by, level=start.level, usage=start.measure,
        cells=", ".join(sorted(start.cells)), sizes=", ".join(sorted(start.sizes)),
        every_days=start.every_days,
    )  # fmt: skip
    return playbook


def _differs(before: Start, after: Start) -> bool:
    names = ("by", "level", "measure", "cells", "sizes")
    return any(getattr(before, name) != getattr(after, name) for name in names)


def _past(start: Start, *, now: dt.datetime) -> dict[str, str]:
    return {str(pk): occasion for pk, occasion in occasions_at(start, now).items()}


@transaction.atomic
def switch(playbook: Playbook, *, on: bool, by: StaffUser, now: dt.datetime) -> None:
    """Raises NoSteps. Switched off, it starts nothing; what is under way goes on."""
    if on and not playbook.steps.exists():
        raise NoSteps
    rows = Playbook.objects.filter(pk=playbook.pk, switched_on_at__isnull=on)
    past = _past(playbook.start, now=now) if on else {}
    if rows.update(switched_on_at=now if on else None, past=past):
        record_event(AuditAction.PLAYBOOK_SWITCH, actor=by, now=now, target=playbook, on=on)


@transaction.atomic
def delete_playbook(playbook: Playbook, *, by: StaffUser, now: dt.datetime) -> bool:
    """False where it has ever run: then it can be switched off."""
    if playbook.runs.exists():
        return False
    record_event(AuditAction.PLAYBOOK_DELETE, actor=by, now=now, target=playbook)
    playbook.delete()
    return True


@transaction.atomic
def save_step(step: PlaybookStep, *, by: StaffUser, now: dt.datetime) -> bool:
    """False where there are too many. What is under way goes on as it was started."""
    if step.pk is None:
        if step.playbook.steps.count() >= MOST_STEPS:
            return False
        last = step.playbook.steps.last()
        step.position = last.position + 1 if last else 0
    # Its place is changed by another button.
    others = (each.name for each in step._meta.concrete_fields if each.name != "position")
    step.save(update_fields=set(others) - {"id"} if step.pk else None)
    _tell_step(step, by=by, now=now, text=f"{step.after_days}: {step.title}")
    return True


@transaction.atomic
def delete_step(step: PlaybookStep, *, by: StaffUser, now: dt.datetime) -> None:
    _tell_step(step, by=by, now=now, text=f"- {step.title}")
    step.delete()


@transaction.atomic
def move_step(step: PlaybookStep, *, up: bool) -> None:
    """Past its neighbour; the first one stays first."""
    steps = list(step.playbook.steps.select_for_update())
    place = steps.index(step)
    steps.insert(max(place - 1, 0) if up else place + 1, steps.pop(place))
    for position, each in enumerate(steps):
        PlaybookStep.objects.filter(pk=each.pk).exclude(position=position).update(position=position)


def _tell_step(step: PlaybookStep, *, by: StaffUser, now: dt.datetime, text: str) -> None:
    record_event(AuditAction.PLAYBOOK_SAVE, actor=by, now=now, target=step.playbook, step=text)
