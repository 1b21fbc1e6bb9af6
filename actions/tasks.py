"""Tasks: each reads the clock and calls one service.

What needs pandas is imported only then: it is 70 MB in each process of every worker and of beat.
"""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from actions.domain.deliveries.states import MAIL_LANE
from actions.services import replies
from actions.services.alerts import overdue
from actions.services.deliveries import pruning, sending
from actions.services.digests import weekly


@shared_task
def deliver() -> None:
    """The tick, and after something was queued: what staff are told by e-mail."""
    sending.deliver_lane(MAIL_LANE, clock=timezone.now)


@shared_task
def post() -> None:
    """The tick: a task for each channel, so that one that hangs holds up no other."""
    for lane in sending.due_lanes(now=timezone.now()):
        if lane != MAIL_LANE:
            post_lane.delay(lane)


@shared_task
def post_lane(lane: str) -> None:
    sending.deliver_lane(lane, clock=timezone.now)


@shared_task(soft_time_limit=600, time_limit=660)
def forget_deliveries() -> None:
    pruning.forget_old(now=timezone.now())


@shared_task
def send_reply(pk: int) -> None:
    replies.send_reply(pk, now=timezone.now())


@shared_task
def send_replies() -> None:
    """The tick: what no task has sent, and what is tried again."""
    replies.send_due(now=timezone.now())


@shared_task
def queue_digests() -> None:
    weekly.queue_due(now=timezone.now())


@shared_task
def tell_overdue() -> None:
    overdue.tell_overdue(now=timezone.now())


@shared_task(soft_time_limit=600, time_limit=660)
def follow_up_facts() -> None:
    """The tick: what became true of customers, each once."""
    from actions.services.follow_ups import facts

    now = timezone.now()
    facts.follow_up_facts(now=now, today=timezone.localdate(now))


@shared_task(soft_time_limit=600, time_limit=660)
def read_goals() -> None:
    """The tick, and after a goal was set: what is known of each on the days that are due."""
    from actions.services import goals

    goals.read_goals(today=timezone.localdate())


@shared_task(soft_time_limit=600, time_limit=660)
def run_playbooks() -> None:
    """The tick: starts them for what became true of customers, and attends to those under way."""
    from actions.services.playbooks import messages, runs, starting

    now = timezone.now()
    runs.attend_runs(now=now, today=timezone.localdate(now))
    starting.start_playbooks(now=now)
    messages.send_due(now=now)
