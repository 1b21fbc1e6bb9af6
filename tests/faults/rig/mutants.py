"""Bugs that are planted in workers, each to be seen by a test of what several machines do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

from django.utils import timezone


def merges_unseen() -> None:
    """The claim does not ask whether the person has the survey under another address."""
    from surveys.models import Invitation
    from surveys.sending.claims import claimable, unclaimed

    unclaimed.drop_second = lambda *_, **__: False
    claimable._merged_since = tuple  # type: ignore[assignment]
    claimable._others_of_the_person = lambda: Invitation.objects.filter(pk=-1)


def own_clock() -> None:
    """Workers believe their own clock."""
    from surveys import sending, tasks
    from surveys.queries import clock
    from surveys.sending import dispatch

    clock.OFF_AT_MOST = dt.timedelta(days=10_000)
    for module in (tasks, dispatch):
        vars(module)["agreed_now"] = timezone.now
    sending.send_batch = partial(sending.send_batch, clock=timezone.now)


def follow_up_after_commit() -> None:
    """What follows from an answer is opened when the answer is on disk, and a moment later."""
    import time

    from django.db import transaction

    from actions import receivers

    on_changes = vars(receivers)["on_changes"]

    def later(changes: Any) -> None:
        def run() -> None:
            time.sleep(0.3)
            on_changes(changes)

        transaction.on_commit(run)

    vars(receivers)["on_changes"] = later


MUTANTS: dict[str, Callable[[], None]] = {
    each.__name__: each for each in (merges_unseen, own_clock, follow_up_after_commit)
}


def plant(name: str) -> None:
    if name in MUTANTS:
        MUTANTS[name]()
