from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from actions.models import Channel, Delivery
from actions.queries.deliveries.log import attention, channels_shown, failed_mails, log_of
from tests.actions.alerting import make_channel
from tests.world import DAY, HOUR, NOW

pytestmark = pytest.mark.django_db


def settled(channel: Channel | None, state: str, *, at: dt.datetime = NOW) -> Delivery:
    return Delivery.objects.create(
        key=f"{Delivery.objects.count()}",
        event="test",
        channel=channel,
        lane=f"channel-{channel.pk}" if channel else "mail",
        state=state,
        created_at=at,
        next_at=at,
        settled_at=None if state == "waiting" else at,
    )


def test_what_failed_lately_or_is_gone_needs_attention_and_what_is_off_does_not() -> None:
    well, failing, gone, off, once = (
        make_channel(name=name, disabled=disabled)
        for name, disabled in (("W", ""), ("F", ""), ("G", "gone"), ("O", "hand"), ("L", ""))
    )
    settled(well, "sent")
    for channel in (failing, off, None):
        settled(channel, "failed", at=NOW - DAY)
    settled(once, "failed", at=NOW - 8 * DAY)
    settled(None, "failed", at=NOW - 8 * DAY)

    found = attention(now=NOW)
    assert (found.channels, found.mails, bool(found)) == ([failing, gone], 1, True)
    assert not attention(now=NOW + 30 * DAY).mails
    assert failed_mails(now=NOW) == 1


def test_the_list_says_how_the_last_one_went() -> None:
    channel = make_channel()
    settled(channel, "sent", at=NOW - HOUR)
    settled(channel, "failed")
    settled(channel, "waiting")

    shown: Any = channels_shown(now=NOW).get()
    assert (shown.failed, shown.last_at, shown.last_state) == (1, NOW, "failed")
    assert [each.state for each in log_of(channel)] == ["waiting", "failed", "sent"]
    assert not log_of(None).exists()
