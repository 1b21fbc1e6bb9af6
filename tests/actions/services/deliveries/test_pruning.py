from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import connection

from actions.models import Delivery
from actions.services.deliveries import pruning
from actions.services.deliveries.channels import send_again
from actions.services.deliveries.pruning import KEPT_FOR, forget_old
from config.celery import app
from tests.actions.alerting import make_channel
from tests.world import NOW, SECOND

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
OLD = NOW - KEPT_FOR - SECOND


def delivery(key: str, state: str, settled_at: dt.datetime | None) -> Delivery:
    moment = settled_at or OLD
    return Delivery.objects.create(
        key=key, event="test", lane="mail", state=state, created_at=moment, next_at=moment,
        settled_at=settled_at, attempts=3,
    )  # fmt: skip


def test_what_was_settled_long_ago_goes_in_batches_and_what_is_still_tried_stays(
    monkeypatch, django_assert_num_queries
) -> None:
    monkeypatch.setattr(pruning, "BATCH", 2)
    for number in range(3):
        delivery(f"old {number}", ("sent", "failed")[number % 2], OLD)
    stays = [
        delivery("young", "sent", NOW - KEPT_FOR),
        delivery("still tried", "waiting", None),
        # As a row that was sent again looks if it is claimed right now.
        delivery("sent again", "waiting", OLD),
    ]
    Delivery.objects.filter(key="sent again").update(channel=make_channel())

    assert forget_old(now=NOW) == 3
    assert list(Delivery.objects.order_by("pk")) == stays
    assert forget_old(now=NOW) == 0


def test_the_schedule_does_it_every_night() -> None:
    [entry] = [
        each for each in app.conf.beat_schedule.values()
        if each["task"] == "actions.tasks.forget_deliveries"
    ]  # fmt: skip
    assert (entry["schedule"].hour, len(entry["schedule"].minute)) == ({18}, 1)


@pytest.mark.django_db(transaction=True)
def test_what_is_sent_again_at_the_same_moment_is_not_lost(monkeypatch) -> None:
    row = delivery("again", "failed", OLD)

    def press() -> None:
        try:
            assert send_again(row, now=NOW)
        finally:
            connection.close()

    seen = pruning._old

    def with_a_press_between(now: dt.datetime):
        found = seen(now)
        if pressed:
            return found
        pressed.append(1)
        ids = list(found.values_list("pk", flat=True))
        thread = threading.Thread(target=press)
        thread.start()
        thread.join()
        # What had been read before the press.
        return Delivery.objects.filter(pk__in=ids)

    pressed: list[int] = []
    monkeypatch.setattr(pruning, "_old", with_a_press_between)

    assert forget_old(now=NOW) == 0
    assert Delivery.objects.get().state == "waiting"
