from __future__ import annotations

import datetime as dt

import pytest

from actions.models import Delivery
from actions.services.deliveries import queueing
from actions.services.deliveries.queueing import Draft, hasten, queue
from tests.actions.alerting import make_channel
from tests.world import HOUR, NOW

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def enqueued(monkeypatch) -> list[tuple[str, ...]]:
    calls: list[tuple[str, ...]] = []
    monkeypatch.setattr(queueing, "enqueue_in_background", lambda *args: calls.append(args))
    return calls


def test_the_same_is_queued_once_and_may_become_due_sooner_but_not_later(enqueued) -> None:
    def again(due: dt.datetime) -> tuple[dt.datetime, str]:
        drafts = [Draft(key="a", event="test", due=due)]
        queue(drafts, now=NOW)
        hasten(drafts)
        (row,) = Delivery.objects.all()
        return row.next_at, row.state

    seen = [again(NOW + hours * HOUR)[0] for hours in (1, 2, 0)]
    assert seen == [NOW + HOUR, NOW + HOUR, NOW]

    Delivery.objects.update(state="sent", next_at=NOW + HOUR)
    assert again(NOW) == (NOW + HOUR, "sent")


def test_each_lane_with_something_due_is_enqueued_once(enqueued) -> None:
    channel = make_channel()
    drafts = [Draft(key=f"{number}", event="test", due=NOW) for number in range(3)]
    queue(
        [
            *drafts,
            Draft(key="c", event="test", due=NOW, channel=channel),
            Draft(key="later", event="test", due=NOW + HOUR),
        ],
        now=NOW,
    )

    lane = f"channel-{channel.pk}"
    assert enqueued == [("actions.tasks.post_lane", lane), ("actions.tasks.deliver",)]
