"""What races to tell somebody: ticks, workers, and answers that change meanwhile."""

from __future__ import annotations

import datetime as dt
import threading
import uuid

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.mail import EmailMultiAlternatives
from django.db import connection

from actions.domain.alerts.names import EventName
from actions.domain.replies import ReplyState
from actions.models import Delivery, FollowUp, Reply
from actions.services.alerts import owner
from actions.services.alerts.overdue import tell_overdue
from actions.services.deliveries import queueing
from actions.services.deliveries.events import EVENTS, Event
from actions.services.digests import weekly
from actions.services.replies import send_due
from surveys.models import Invitation
from surveys.services.answers.receive import receive
from tests.actions.alerting import tick
from tests.actions.following import OWNER, answered
from tests.at_once import run_at_once
from tests.staffing import make_staff
from tests.world import DAY, HOUR, NOW, make_customer, make_invitation, make_respondent

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
AT_ONCE = 4


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch) -> None:
    monkeypatch.setattr(queueing, "enqueue_in_background", lambda *_: None)
    cache.clear()


def asked() -> Invitation:
    respondent = make_respondent(customer=make_customer(owner_email=OWNER))
    return make_invitation(respondent, state="sent", sent_at=NOW - HOUR)


def test_ticks_at_once_send_one_digest() -> None:
    staff = make_staff("viewer")
    weekly.wish_for(staff, weekday=1, hour=9, now=NOW - 10 * DAY)

    def whole_tick() -> None:
        weekly.queue_due(now=NOW)
        tick(NOW)

    run_at_once([whole_tick] * AT_ONCE)
    tick(NOW + HOUR)

    assert [each.to for each in mail.outbox] == [[staff.email]]


def test_an_answer_that_many_posts_change_is_told_once_by_ticks_at_once() -> None:
    make_staff("cs", OWNER)
    link = asked().public_id

    run_at_once([lambda: receive(link, {"score": ["2"]}, now=NOW) for _ in range(AT_ONCE)])
    run_at_once([lambda: tick(NOW + HOUR) for _ in range(AT_ONCE)])

    assert [each.to for each in mail.outbox] == [[OWNER]]


def test_what_is_overdue_is_told_once_by_ticks_at_once() -> None:
    make_staff("cs", OWNER)
    for _ in range(3):
        answered(2)
    FollowUp.objects.update(due_at=NOW)
    Delivery.objects.all().delete()

    run_at_once([lambda: tell_overdue(now=NOW + HOUR) for _ in range(AT_ONCE)])
    tick(NOW + HOUR)

    told = [pk for each in Delivery.objects.all() for pk in each.payload["follow_ups"]]
    assert sorted(told) == sorted(FollowUp.objects.values_list("pk", flat=True))


def test_an_answer_that_gets_worse_while_its_alert_finds_nothing_to_tell_is_told(
    monkeypatch,
) -> None:
    """The worker has looked, then the answer changes, then the worker deletes what it had."""
    make_staff("cs", OWNER)
    link = asked().public_id
    receive(link, {"score": ["2"]}, now=NOW)
    receive(link, {"score": ["9"]}, now=NOW)
    FollowUp.objects.get().cases.all().delete()
    written: list[EmailMultiAlternatives | None] = []

    def write(delivery: Delivery, now: dt.datetime) -> EmailMultiAlternatives | None:
        found = owner.mail(delivery, now)
        if not written:
            written.append(found)
            changes = threading.Thread(target=change)
            changes.start()
            changes.join()
        return found

    def change() -> None:
        try:
            receive(link, {"score": ["1"]}, now=NOW + HOUR)
        finally:
            connection.close()

    monkeypatch.setitem(EVENTS, EventName.OWNER, Event(mail=write))
    tick(NOW + HOUR)
    assert (written, mail.outbox) == ([None], [])

    tick(NOW + 2 * HOUR)
    assert [each.to for each in mail.outbox] == [[OWNER]]


def test_a_reply_that_was_lost_is_told_of_once_by_ticks_at_once() -> None:
    writer = make_staff("cs", OWNER)
    response = answered(3)
    Delivery.objects.all().delete()
    Reply.objects.create(
        follow_up=response.case.follow_up, respondent=response.invitation.respondent,
        key=uuid.uuid4(), author=writer, reply_to=OWNER, to="x@example.com", subject="x", text="y",
        written_at=NOW, state=ReplyState.UNKNOWN, next_try_at=NOW,
    )  # fmt: skip

    run_at_once([lambda: send_due(now=NOW + HOUR) for _ in range(AT_ONCE)])
    run_at_once([lambda: tick(NOW + HOUR) for _ in range(AT_ONCE)])

    assert [each.to for each in mail.outbox] == [[OWNER]]
    assert Reply.objects.get().settled_at == NOW + HOUR
