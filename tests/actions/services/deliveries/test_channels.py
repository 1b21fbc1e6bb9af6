from __future__ import annotations

import pytest

from accounts.models import AuditEvent
from actions.models import Channel, Delivery
from actions.services.deliveries.channels import (
    delete_channel,
    disable_gone,
    save_channel,
    send_again,
    send_trial,
    switch,
)
from common.secrets.sealing import unseal
from tests.actions.alerting import make_channel
from tests.staffing import make_staff
from tests.world import HOUR, NOW

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_who_changed_a_channel_is_recorded_without_its_address_or_secret() -> None:
    admin = make_staff("admin")
    channel = make_channel(kind="webhook")
    switch(channel, on=False, by=admin, now=NOW)
    # Of a form that was shown while it was on.
    save_channel(channel, url="", new_secret=False, by=admin, now=NOW)
    assert Channel.objects.get().disabled_at == NOW
    switch(channel, on=True, by=admin, now=NOW)
    delete_channel(channel, by=admin, now=NOW)

    events = list(AuditEvent.objects.order_by("pk"))
    assert [each.action for each in events] == [
        "channel.save", "channel.switch", "channel.save", "channel.switch", "channel.delete"
    ]  # fmt: skip
    told = str([(each.target, each.detail) for each in events])
    assert str(unseal(channel.sealed_secret)) not in told
    assert "secret" not in told.replace("new_secret", "")


def test_the_admins_are_told_once_however_often_it_is_found_out() -> None:
    make_staff("admin")
    channel = make_channel()
    for _ in range(2):
        disable_gone(channel, now=NOW)

    assert Delivery.objects.filter(event="channel.gone").count() == 1
    assert Channel.objects.get().disabled == "gone"


def test_what_is_on_its_way_is_not_sent_a_second_time_by_hand() -> None:
    channel = make_channel()
    send_trial(channel, now=NOW)
    row = Delivery.objects.select_related("channel").get()
    assert not send_again(row, now=NOW)

    Delivery.objects.update(state="failed", attempts=10, error="timeout")
    assert send_again(row, now=NOW + HOUR)
    row.refresh_from_db()
    assert (row.state, row.attempts, row.next_at, row.error) == ("waiting", 0, NOW + HOUR, "")
