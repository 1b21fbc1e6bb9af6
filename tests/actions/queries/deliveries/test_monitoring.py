from __future__ import annotations

from typing import Any

import pytest
from prometheus_client import generate_latest

from actions.models import Channel, Delivery
from common.monitoring.prometheus import registry
from tests.world import DAY, HOUR, NOW

pytestmark = pytest.mark.django_db


def test_messages_that_wait_and_that_were_given_up_lately(settings) -> None:
    settings.METRIC_SOURCES = ["actions.queries.deliveries.monitoring.families"]
    Channel.objects.create(
        name="room", kind="slack", sealed_url="x", shown="y", language="en", disabled="gone"
    )
    deliveries: list[tuple[str, dict[str, Any]]] = [
        ("mail", {}),
        ("channel-7", {"created_at": NOW - HOUR}),
        ("channel-8", {}),
        ("mail", {"state": "failed", "settled_at": NOW - HOUR / 2}),
        ("mail", {"state": "failed", "settled_at": NOW - DAY}),
    ]
    for number, (lane, fields) in enumerate(deliveries):
        Delivery.objects.create(
            **{"created_at": NOW, **fields}, key=str(number), lane=lane, next_at=NOW
        )

    lines = generate_latest(registry(now=NOW)).decode().splitlines()

    assert 'koe_waiting_messages{to="mail"} 1.0' in lines
    assert 'koe_waiting_messages{to="channel"} 2.0' in lines
    assert "koe_oldest_message_seconds 3600.0" in lines
    assert "koe_failed_messages 1.0" in lines
    assert "koe_disabled_channels 1.0" in lines
