from __future__ import annotations

import pytest

from actions.models import Delivery
from actions.services.deliveries import queueing
from actions.services.deliveries.queueing import Draft, queue
from tests.actions.alerting import make_channel
from tests.world import HOUR, NOW

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def enqueued(monkeypatch) -> list[tuple[str, ...]]:
    calls: list[tuple[str, ...]] = []
    monkeypatch.setattr(queueing, "enqueue", lambda *args: calls.append(args))
    return calls


def test_the_same_is_queued_once_and_a_later_word_moves_only_its_moment(enqueued) -> None:
    for due in (NOW, NOW + HOUR):
        queue([Draft(key="a", event="test", due=due)], now=NOW)

    (row,) = Delivery.objects.all()
    assert (row.next_at, row.state) == (NOW + HOUR, "waiting")

    Delivery.objects.update(state="sent")
    queue([Draft(key="a", event="test", due=NOW)], now=NOW)
    assert Delivery.objects.get().state == "sent"


def test_each_lane_with_something_due_is_enqueued_once(enqueued) -> None:
    channel = make_channel()
    drafts = [Draft(key=f"{number}", event="test", due=NOW) for number in range(3)]
    queue(
        [
            *drafts,
            Draft(key="c", event="test", due=NOW, channel=channel),
            Draft(key="later", event="test", due=NOW + HOUR, lane="other"),
        ],
        now=NOW,
    )

    lane = f"channel-{channel.pk}"
    assert enqueued == [("actions.tasks.deliver_lane", each) for each in (lane, "mail")]
