"""An owner knows of an answer within a minute, by the schedule that production runs."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail
from kombu.transport.redis import Channel

from actions.models import Delivery
from config.celery import app
from surveys.models import Response
from surveys.sending import dispatch
from tests.actions.alerting import tick
from tests.actions.following import OWNER, answered
from tests.staffing import make_staff
from tests.world import NOW, SECOND, answer

pytestmark = pytest.mark.django_db
# What is left of the minute for the queue, the e-mail's words and the mail server.
REST = 15


def seconds_until_told(response: Response, *, first_tick: float) -> float:
    """From the answer to the tick of production in which its e-mail leaves."""
    [period] = [
        each["schedule"] for each in app.conf.beat_schedule.values()
        if each["task"] == "actions.tasks.deliver"
    ]  # fmt: skip
    at = first_tick
    while not mail.outbox:
        tick(NOW + at * SECOND)
        at += period
        assert at < 600, "it is never told"
    mail.outbox.clear()
    Delivery.objects.all().delete()
    return at - period


@pytest.mark.parametrize("first_tick", [0.0, 3.0, 9.9])
@pytest.mark.parametrize("changes", [(), (5,), (8, 16, 24, 29)])
def test_without_a_gesture_too_however_often_it_is_changed(
    first_tick: float, changes: tuple[int, ...]
) -> None:
    make_staff("cs", OWNER)
    response = answered(3)
    assert not response.signals.get("gesture")
    for second in changes:
        answer(response.invitation, 2, at=NOW + second * SECOND, comment=f"More {second}")

    assert seconds_until_told(response, first_tick=first_tick) <= 60 - REST


def test_the_e_mails_of_a_campaign_stand_behind_it_in_the_queue(monkeypatch) -> None:
    """Redis: 0 is what every other task has, and is taken first."""
    sent: list[dict[str, object]] = []
    monkeypatch.setattr(app, "send_task", lambda _name, **options: sent.append(options))

    dispatch.enqueue_batch([1], "survey", dt.timedelta(seconds=110).total_seconds())

    steps = Channel.priority_steps
    assert (sent[0]["priority"], min(steps)) == (max(steps), 0)
