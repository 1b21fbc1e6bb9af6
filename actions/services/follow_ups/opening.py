"""Opening a follow-up, or joining the one that is open for the same reason."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.dispatch import Signal

from accounts.models import StaffUser
from actions.domain.follow_ups.due import due_after
from actions.domain.follow_ups.states import State, Step
from actions.domain.rules.triggers import Rule
from actions.models import FollowUp, FollowUpEntry
from actions.queries.follow_ups.staff import hours_of

TRIES = 3
# That something was done with a follow-up, in the transaction of it: its `entry`.
entry_written = Signal()


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom it is about: a customer and perhaps somebody there, or somebody at none."""

    customer: int | None
    respondent: int | None


def open_or_join(
    subject: Subject,
    rule: Rule,
    *,
    owner: StaffUser | None,
    now: dt.datetime,
    by: StaffUser | None = None,
    text: str = "",
    occasion: str = "",
    **detail: Any,
) -> FollowUp:
    """In the caller's transaction; the follow-up is locked until its end."""
    due = due_after(now, hours=rule.due_hours, work=hours_of(owner))
    for _ in range(TRIES):
        found = _open_one(subject, rule)
        if found is not None:
            _join(found, due=due)
            write_entry(found, Step.JOINED, at=now, by=by, text=text, **detail)
            return found
        made = _made(subject, rule, owner=owner, due=due, now=now, occasion=occasion)
        if made is not None:
            write_entry(made, Step.OPENED, at=now, by=by, text=text, **detail)
            return made
    raise RuntimeError(f"{subject}: the follow-up could not be opened")


def _open_one(subject: Subject, rule: Rule) -> FollowUp | None:
    who: dict[str, Any] = {"customer": subject.customer}
    if subject.customer is None:
        who = {"customer": None, "respondent": subject.respondent}
    same = FollowUp.objects.filter(trigger=rule.trigger, **who).exclude(state=State.CLOSED)
    return same.select_for_update().first()


def _made(
    subject: Subject,
    rule: Rule,
    *,
    owner: StaffUser | None,
    due: dt.datetime,
    now: dt.datetime,
    occasion: str,
) -> FollowUp | None:
    """None where somebody else opened one meanwhile."""
    try:
        with transaction.atomic():
            return FollowUp.objects.create(
                customer_id=subject.customer,
                respondent_id=subject.respondent,
                trigger=rule.trigger,
                occasion=occasion,
                owner=owner,
                opened_at=now,
                first_due_at=due,
                due_at=due,
            )
    except IntegrityError:
        return None


def _join(found: FollowUp, *, due: dt.datetime) -> None:
    """What was put off comes back as soon as the customer speaks again."""
    found.due_at = min(found.due_at, due)
    FollowUp.objects.filter(pk=found.pk).update(due_at=found.due_at, version=F("version") + 1)


def write_entry(
    follow_up: FollowUp,
    step: Step,
    *,
    at: dt.datetime,
    by: StaffUser | None,
    text: str = "",
    **detail: Any,
) -> None:
    entry = FollowUpEntry.objects.create(
        follow_up=follow_up, at=at, by=by, step=step, text=text, detail=detail
    )
    entry_written.send(FollowUpEntry, entry=entry)
