from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail

from actions.domain.alerts.names import EventName
from actions.domain.deliveries.retrying import PAUSES
from actions.models import Delivery
from actions.services.deliveries import sending
from actions.services.deliveries.channels import send_trial
from actions.services.deliveries.failed import MARGIN, SHOWN
from common.net.outgoing import Reply, Unreachable
from tests.actions.alerting import make_channel, tick
from tests.actions.following import OWNER
from tests.staffing import make_staff
from tests.world import DAY, HOUR, NOW, SECOND

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture(autouse=True)
def receiver(monkeypatch) -> list[Reply]:
    """Away until it answers something."""
    says: list[Reply] = []

    def post(*_: object) -> Reply:
        if not says:
            raise Unreachable("timeout")
        return says[-1]

    monkeypatch.setattr(sending, "post", post)
    return says


def fail(number: int = 1) -> None:
    """The last try of so many messages."""
    channel = make_channel()
    for _ in range(number):
        send_trial(channel, now=NOW)
    Delivery.objects.update(attempts=len(PAUSES))
    for second in range(number):
        tick(NOW + second * SECOND)


def told(at: dt.datetime) -> list[tuple[str, str]]:
    tick(at)
    sent = [(each.to[0], f"{each.subject}\n{each.body}") for each in mail.outbox]
    mail.outbox.clear()
    return sent


def test_the_admins_are_told_when_the_hour_is_over_once_each_in_their_language() -> None:
    make_staff("admin", language="en")
    make_staff("admin", "ja@koe.example", language="ja")
    make_staff("cs", OWNER)
    fail(number=SHOWN + 1)

    assert told(NOW + HOUR) == []
    [(first, words), (second, _)] = told(NOW + HOUR + MARGIN)

    assert {first, second} == {"admin@koe.example", "ja@koe.example"}
    assert "21" in words.splitlines()[0]
    assert words.count("Board") == SHOWN
    assert told(NOW + DAY) == []


def test_what_arrived_by_hand_meanwhile_is_no_news(receiver) -> None:
    make_staff("admin")
    fail()
    receiver.append(Reply(200, {}, b""))
    Delivery.objects.filter(event=EventName.TEST).update(state="sent")

    assert told(NOW + 2 * HOUR) == []


def test_a_message_that_says_so_and_fails_itself_is_not_told_of_by_another(monkeypatch) -> None:
    make_staff("admin")
    fail()

    def refuse(*_: object, **__: object) -> int:
        raise ConnectionRefusedError

    monkeypatch.setattr(mail.EmailMessage, "send", refuse)
    Delivery.objects.update(attempts=len(PAUSES))
    tick(NOW + 2 * HOUR)
    tick(NOW + 4 * HOUR)

    assert list(Delivery.objects.order_by("pk").values_list("event", "state")) == [
        ("test", "failed"),
        ("deliveries.failed", "failed"),
    ]
