from __future__ import annotations

import threading
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connection

from accounts.models import StaffUser
from actions.models import Delivery, DigestWish, FollowUp
from actions.services.digests import weekly
from actions.services.digests.weekly import (
    end_wish,
    make_token,
    queue_due,
    read_token,
    wish_for,
)
from tests.actions.alerting import tick
from tests.actions.following import answered
from tests.staffing import make_staff
from tests.world import DAY, HOUR, NOW

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
# Tuesday at nine, as NOW is.
TUESDAY = {"weekday": 1, "hour": 9}


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    cache.clear()


def subscribed(role: str = "viewer", **fields: Any) -> StaffUser:
    staff = make_staff(role, **fields)
    wish_for(staff, **TUESDAY, now=NOW - 10 * DAY)
    return staff


def test_once_a_week_and_person_however_often_it_ticks_and_when_it_is_moved() -> None:
    staff = subscribed()
    assert [queue_due(now=NOW - HOUR), queue_due(now=NOW), queue_due(now=NOW + HOUR)] == [0, 1, 0]

    wish_for(staff, weekday=2, hour=9, now=NOW + HOUR)
    assert queue_due(now=NOW + 25 * HOUR) == 0
    assert queue_due(now=NOW + 8 * DAY) == 1


def test_a_tick_does_not_bring_forward_what_is_tried_again_later(monkeypatch) -> None:
    subscribed()
    queue_due(now=NOW)
    Delivery.objects.update(next_at=NOW + 5 * HOUR, attempts=3)

    queue_due(now=NOW + HOUR)

    assert Delivery.objects.get().next_at == NOW + 5 * HOUR


@pytest.mark.django_db(transaction=True)
def test_of_ticks_at_the_same_time_one_queues_it() -> None:
    subscribed()
    gate = threading.Barrier(4)

    def work() -> None:
        try:
            gate.wait()
            queue_due(now=NOW)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert Delivery.objects.count() == 1


@pytest.mark.parametrize("why", ["ended", "left"])
def test_who_wants_it_no_more_gets_none(why: str) -> None:
    staff = subscribed()
    queue_due(now=NOW)
    if why == "ended":
        end_wish(staff.pk)
    else:
        StaffUser.objects.update(is_active=False)
        assert queue_due(now=NOW + 7 * DAY) == 0

    assert (tick(NOW), mail.outbox, Delivery.objects.count()) == (0, [], 0)


def test_it_tells_the_week_in_the_readers_language_without_addresses_for_viewers() -> None:
    subscribed(language="ja")
    subscribed("cs", language="en")
    praise = answered(10, at=NOW - DAY, comment="<b>とても良い</b>")
    answered(2, at=NOW - 2 * DAY, comment="Slow")
    answered(9, at=NOW - 9 * DAY, comment="Of the week before")
    FollowUp.objects.update(due_at=NOW - HOUR)
    Delivery.objects.all().delete()
    queue_due(now=NOW)

    assert tick(NOW) == 2
    viewer, worker = (next(m for m in mail.outbox if role in m.to[0]) for role in ("viewer", "cs"))
    assert viewer.subject == "Koe Demo：2026/11/17～2026/11/23 の 1 週間"
    assert worker.subject == "Koe Demo: the week from 2026-11-17 to 2026-11-23"
    assert "1 opened, 0 closed; now 1 open, 1 of them overdue" in worker.body
    address = praise.invitation.respondent.email
    for message, sees in ((viewer, False), (worker, True)):
        sent: Any = message
        page = sent.alternatives[0].content
        for text in (message.body, page):
            assert (address in text) is sees
            assert "Slow" in text
            assert "Of the week before" not in text
        assert "&lt;b&gt;とても良い" in page
        headers = message.message()
        assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert headers["List-Unsubscribe"].startswith("<http://127.0.0.1:8000/digest/stop/")
        assert headers.as_bytes().isascii()


def test_a_week_without_an_answer_is_told_as_such() -> None:
    subscribed(language="en")
    queue_due(now=NOW)
    tick(NOW)

    body = mail.outbox[0].body
    assert "NPS: – (Nobody answered.)" in body
    assert "Nothing beyond chance." in body


def test_the_link_ends_nobody_elses_digest() -> None:
    assert read_token(make_token(7)) == 7
    assert [read_token(each) for each in ("7", make_token(7) + "x", make_token(7)[1:], "")] == [
        None
    ] * 4
    from django.core import signing

    assert read_token(signing.dumps(7, salt="actions.follow-up")) is None
    assert read_token(signing.dumps([7, 8], salt=weekly.SALT)) is None
    assert not DigestWish.objects.exists()
