"""Bugs that are planted in workers, each to be seen by a test of what several machines do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.utils import timezone


def lost_is_queued() -> None:
    """The recovery believes that what a killed worker had claimed was never begun."""
    from surveys.models import Attempt, Invitation
    from surveys.sending import unknown
    from surveys.services import slots

    def queue_again(attempt: Attempt, *, now: dt.datetime) -> int:
        mine = Invitation.objects.filter(pk=attempt.invitation_id, state="sending")
        attempt.delete()
        slots.unanchor([attempt.invitation_id])
        return mine.update(state="queued", attempts_made=attempt.number - 1, dispatched_at=None)

    unknown._give_up = queue_again  # type: ignore[assignment]


def merges_unseen() -> None:
    """The claim does not ask whether the person has the survey under another address."""
    from django.db.models import Exists

    from surveys.models import Invitation
    from surveys.sending import claimable

    claimable.asked_as_another_person = lambda: Exists(Invitation.objects.filter(pk=-1))


def own_clock() -> None:
    """Workers believe their own clock."""
    from surveys import tasks
    from surveys.queries import clock
    from surveys.sending import batch

    send = batch.send_batch

    def send_by_own_clock(*arguments: Any, **options: Any) -> Any:
        return send(*arguments, **options, clock=timezone.now)

    clock.database_clock = lambda: timezone.now
    tasks.sending.send_batch = send_by_own_clock  # type: ignore[attr-defined]


MUTANTS: dict[str, Callable[[], None]] = {
    each.__name__: each for each in (lost_is_queued, merges_unseen, own_clock)
}


def plant(name: str) -> None:
    if name in MUTANTS:
        MUTANTS[name]()
