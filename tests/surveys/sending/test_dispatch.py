from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import call_command

from accounts.models import Person
from surveys.domain.states import CampaignState
from surveys.models import Campaign, Invitation
from surveys.sending import dispatch
from surveys.sending.dispatch import Enqueue, dispatch_due
from surveys.services import slots
from tests.world import (
    DAY,
    NOW,
    make_campaign,
    make_invitation,
    make_person,
    make_respondent,
)

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


class Queue:
    """A broker that notes what it is told, or is away."""

    def __init__(self, *, away: bool = False) -> None:
        self.away = away
        self.batches: list[list[int]] = []

    def __call__(self, invitation_ids: list[int], kind: str, expires: float) -> None:
        if self.away:
            raise ConnectionRefusedError("no broker")
        self.batches.append(invitation_ids)


def queued(number: int = 1, *, domain: str = "a.example", **fields) -> list[Invitation]:
    campaign = fields.pop("campaign", None) or make_campaign()
    rows = []
    for _ in range(number):
        person = make_person(f"p{Person.objects.count()}@{domain}")
        rows.append(make_invitation(make_respondent(person), campaign, **fields))
        slots.reserve({rows[-1].person_id: rows[-1].pk}, now=NOW)
    return rows


def run_tick(queue: Enqueue, *, now: dt.datetime = NOW) -> int:
    return dispatch_due(now=now, foreground=False, enqueue=queue)["dispatched"]


def test_due_invitations_go_out_in_bounded_batches_in_order_of_their_moment(monkeypatch):
    monkeypatch.setattr(dispatch, "BATCH", 2)
    late = queued(2, send_at=NOW - MINUTE)
    early = queued(3, send_at=NOW - DAY)
    queued(1, send_at=NOW + MINUTE)
    queue = Queue()

    assert run_tick(queue) == 5
    assert queue.batches == [
        [early[0].pk, early[1].pk],
        [early[2].pk, late[0].pk],
        [late[1].pk],
    ]


def test_two_ticks_tell_a_worker_once_until_the_lease_ends():
    """R35: what the broker forgot is told again by the second tick after."""
    queued(3)
    queue = Queue()

    told = [run_tick(queue, now=NOW + tick * MINUTE) for tick in range(3)]

    assert told == [3, 0, 3]


def test_tick_after_the_clock_was_set_back_tells_again():
    queued(1)
    run_tick(Queue(), now=NOW + 2 * DAY)

    assert run_tick(Queue()) == 1


def test_dead_broker_only_delays_to_the_next_tick(caplog):
    queued(3)

    assert run_tick(Queue(away=True)) == 0
    assert run_tick(Queue(), now=NOW + MINUTE) == 3


@pytest.mark.parametrize("state", ["draft", "paused", "finished", "cancelled"])
def test_campaign_that_does_not_run_is_not_dispatched(state):
    queued(2, campaign=make_campaign(state=state))

    assert run_tick(Queue()) == 0


def test_no_more_are_in_flight_than_workers_can_send(monkeypatch):
    monkeypatch.setattr(dispatch, "MOST_IN_FLIGHT", 3)
    queued(5)

    assert [run_tick(Queue()), run_tick(Queue(), now=NOW + MINUTE)] == [3, 0]


def test_pace_of_a_domain_is_kept_and_leaves_other_domains_alone(settings):
    """R43."""
    settings.MAILS_PER_DOMAIN_PER_MINUTE = 10
    slow = queued(25, domain="slow.example")
    other = queued(5, domain="other.example")
    told: list[list[int]] = []
    for tick in range(4):
        queue = Queue()
        run_tick(queue, now=NOW + tick * MINUTE)
        told.append([pk for batch in queue.batches for pk in batch])
        Invitation.objects.filter(pk__in=told[-1]).update(state="sent")

    assert sorted(told[0]) == sorted([row.pk for row in slow[:10] + other])
    assert [len(ids) for ids in told] == [15, 10, 5, 0]


@pytest.mark.parametrize("step", ["_lease", "_take_tokens"])
def test_two_ticks_at_once_tell_of_each_mail_once_and_put_off_none_of_those(
    settings, monkeypatch, step
):
    """Two beats: what one tells of, the other finds told, and beyond the pace."""
    settings.MAILS_PER_DOMAIN_PER_MINUTE = 10
    queued(25)
    queue = Queue()
    real = getattr(dispatch, step)

    def another_tick_comes_in_between(*arguments, **options):
        monkeypatch.setattr(dispatch, step, real)
        if step == "_lease":
            run_tick(queue)
        done = real(*arguments, **options)
        if step != "_lease":
            run_tick(queue)
        return done

    monkeypatch.setattr(dispatch, step, another_tick_comes_in_between)
    run_tick(queue)

    [told] = queue.batches
    assert len(told) == 10
    assert not Invitation.objects.filter(pk__in=told, send_at__gt=NOW).exists()


def test_broker_that_dies_in_a_tick_takes_no_mail_along(monkeypatch):
    monkeypatch.setattr(dispatch, "BATCH", 2)
    queued(5)
    queue = Queue()
    real = queue.__call__

    def once(*arguments):
        if queue.batches:
            raise ConnectionRefusedError("no broker")
        real(*arguments)

    assert run_tick(once) == 2
    assert run_tick(Queue(), now=NOW + MINUTE) == 3


def test_foreground_sends_everything_due_without_a_broker(sink, monkeypatch):
    monkeypatch.setattr(dispatch, "BATCH", 3)
    rows = queued(10)
    counts = dispatch_due(now=NOW, foreground=True)

    assert +counts == {"sent": 10}
    assert sink.recipients == [row.email for row in rows]


def test_command_uses_the_clock_it_is_given(sink, capsys):
    [row] = queued(1, send_at=NOW + DAY)

    call_command("dispatch_invitations", at=(NOW + DAY - MINUTE).isoformat())
    call_command("dispatch_invitations", at=(NOW + DAY).isoformat())

    assert capsys.readouterr().out == "nothing is due\nsent=1\n"
    row.refresh_from_db()
    assert (row.sent_at, row.claimed_at) == (NOW + DAY, NOW + DAY)


def test_pause_and_resume_twenty_times_sends_each_mail_once(sink):
    """R39."""
    rows = queued(40)
    for cycle in range(20):
        Campaign.objects.update(state=CampaignState.PAUSED)
        dispatch_due(now=NOW, foreground=True)
        Campaign.objects.update(state=CampaignState.RUNNING)
        two = [row.pk for row in rows[2 * cycle : 2 * cycle + 2]]
        Invitation.objects.filter(pk__in=two).update(send_at=NOW)
        dispatch_due(now=NOW, foreground=True)

    assert sorted(sink.recipients) == sorted(row.email for row in rows)
