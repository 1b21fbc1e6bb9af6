"""What staff do with a follow-up.

Each act is one conditional update that asks the table of states, and fails where somebody else has
acted meanwhile.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Coalesce

from accounts.models import StaffUser
from actions.domain.follow_ups.access import may_assign, may_work
from actions.domain.follow_ups.due import due_after, due_on
from actions.domain.follow_ups.states import ClosedAs, Dismissal, State, Step, came_from
from actions.domain.rules.triggers import DEFAULTS, Trigger
from actions.models import AnswerCase, FollowUp
from actions.queries.follow_ups.staff import hours_of
from actions.queries.rules.in_force import rules
from actions.services.follow_ups.opening import write_entry


class NotAllowed(Exception):
    """Whoever asked may not do this with this follow-up."""


class Stale(Exception):
    """Somebody else has changed it meanwhile, or it is no longer in a state for this."""


@dataclass(frozen=True, slots=True)
class Act:
    """Who acts on which follow-up as they saw it."""

    follow_up: FollowUp
    seen: int
    # None: a program, of that name, whose key lets it follow up for whoever owns it.
    by: StaffUser | None
    now: dt.datetime
    program: str = ""

    @property
    def is_owner(self) -> bool:
        return self.by is not None and self.follow_up.owner_id == self.by.pk

    def must_work(self) -> None:
        if self.by is not None and not may_work(self.by.role, is_owner=self.is_owner):
            raise NotAllowed

    def change(self, came: Iterable[State], **values: Any) -> None:
        rows = FollowUp.objects.filter(pk=self.follow_up.pk, version=self.seen, state__in=came)
        if not rows.update(version=F("version") + 1, **values):
            raise Stale

    def write(self, step: Step, text: str = "", **detail: Any) -> None:
        if self.program:
            detail["program"] = self.program
        write_entry(self.follow_up, step, at=self.now, by=self.by, text=text, **detail)


NOT_CLOSED = tuple(each for each in State if each is not State.CLOSED)


@transaction.atomic
def assign(act: Act, *, to: StaffUser) -> None:
    allowed = act.by is None or may_assign(
        act.by.role,
        is_owner=act.is_owner,
        has_owner=act.follow_up.owner_id is not None,
        to_oneself=to == act.by,
    )
    if not allowed:
        raise NotAllowed
    act.change(NOT_CLOSED, owner=to)
    act.write(Step.ASSIGNED, to=str(to))


@transaction.atomic
def start(act: Act) -> None:
    act.must_work()
    act.change(came_from(State.WORKING) - {State.CLOSED}, state=State.WORKING)
    act.write(Step.STARTED)


@transaction.atomic
def snooze(act: Act, *, until: dt.date, reason: str) -> None:
    act.must_work()
    due = due_on(until, work=hours_of(act.follow_up.owner))
    act.change(came_from(State.WAITING), state=State.WAITING, due_at=due)
    act.write(Step.SNOOZED, reason, until=until.isoformat())


@transaction.atomic
def comment(act: Act, *, text: str, contacted: bool) -> None:
    """Whoever follows up may add to it, whosever it is."""
    values = {"first_contact_at": Coalesce("first_contact_at", act.now)} if contacted else {}
    act.change(State, **values)
    act.write(Step.CONTACTED if contacted else Step.COMMENTED, text)


@transaction.atomic
def close(act: Act, *, cause: str, outcome: str, contacted: bool) -> None:
    act.must_work()
    values = {"first_contact_at": Coalesce("first_contact_at", act.now)} if contacted else {}
    act.change(
        came_from(State.CLOSED),
        state=State.CLOSED,
        closed_at=act.now,
        closed_as=ClosedAs.DONE,
        root_cause=cause,
        outcome=outcome,
        **values,
    )
    act.write(Step.CLOSED, outcome, cause=cause, contacted=contacted)


@transaction.atomic
def reopen(act: Act, *, reason: str) -> None:
    """Due anew, as its rule says; refused where another one is open for the same reason."""
    act.must_work()
    trigger = Trigger(act.follow_up.trigger)
    hours = rules().get(trigger, DEFAULTS[Trigger.MANUAL]).due_hours
    due = due_after(act.now, hours=hours, work=hours_of(act.follow_up.owner))
    try:
        with transaction.atomic():
            act.change(
                {State.CLOSED}, state=State.WORKING, closed_at=None, closed_as="", due_at=due
            )
    except IntegrityError as another:
        raise Stale from another
    act.write(Step.REOPENED, reason)


@transaction.atomic
def dismiss(act: Act, *, reason: Dismissal, note: str) -> None:
    """Nobody follows up its answers: each says why, and the follow-up is closed."""
    act.must_work()
    act.change(
        came_from(State.CLOSED),
        state=State.CLOSED,
        closed_at=act.now,
        closed_as=ClosedAs.DISMISSED,
    )
    AnswerCase.objects.filter(follow_up=act.follow_up).update(
        follow_up=None, dismissed=reason, note=note, decided_by=act.by, decided_at=act.now
    )
    act.write(Step.CLOSED, note, closed_as=ClosedAs.DISMISSED, reason=reason)
