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
    from surveys.queries.calendar import clock
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


def told_carelessly() -> None:
    """A reply that a killed worker had in hand is sent again, and an alert is called delivered a
    moment before it is handed over."""
    import time

    from actions.domain.replies import ReplyState
    from actions.models import Delivery, Reply
    from actions.queries.replies import UNSETTLED
    from actions.services import replies
    from actions.services.deliveries import sending

    claim = sending._claim

    def give_back(*, now: dt.datetime) -> None:
        Reply.objects.filter(UNSETTLED, next_try_at__lte=now).update(state=ReplyState.WAITING)

    def claim_and_settle(lane: str, *, now: dt.datetime) -> Delivery | None:
        found = claim(lane, now=now)
        if found is not None:
            Delivery.objects.filter(pk=found.pk).update(state="sent", settled_at=now)
            time.sleep(0.3)
        return found

    vars(replies)["_settle_lost"] = give_back
    vars(sending)["_claim"] = claim_and_settle


MUTANTS: dict[str, Callable[[], None]] = {
    each.__name__: each
    for each in (merges_unseen, own_clock, follow_up_after_commit, told_carelessly)
}


def plant(name: str) -> None:
    if name in MUTANTS:
        MUTANTS[name]()
