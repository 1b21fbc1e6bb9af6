"""Rules, channels and what became of deliveries, for the tests of alerts."""

from __future__ import annotations

import datetime as dt
from typing import Any

from accounts.models import StaffUser
from actions.models import AlertRule, Channel, Delivery
from actions.services.deliveries.channels import save_channel
from actions.services.deliveries.sending import deliver_lane, due_lanes
from tests.staffing import make_staff
from tests.world import NOW


def make_channel(url: str = "https://hooks.example.org/T1/secret", **fields: Any) -> Channel:
    channel = Channel(**{"name": "Board", "kind": "slack", "language": "en", **fields})
    by = StaffUser.objects.filter(role="admin").first() or make_staff("admin")
    secret = "token" if channel.kind == "chatwork" else ""
    save_channel(
        channel, url=url, new_secret=channel.kind == "webhook", given=secret, by=by, now=NOW
    )
    return channel


def make_rule(*receivers: StaffUser | Channel, **fields: Any) -> AlertRule:
    rule = AlertRule.objects.create(**{"name": "Promoters", "group": "promoter", **fields})
    rule.staff.set([each for each in receivers if isinstance(each, StaffUser)])
    rule.channels.set([each for each in receivers if isinstance(each, Channel)])
    return rule


def tick(at: dt.datetime) -> int:
    """As the task does it, one lane after the other."""
    return sum(deliver_lane(lane, clock=lambda: at) for lane in due_lanes(now=at))


def states() -> list[tuple[str, str]]:
    rows = Delivery.objects.order_by("pk").values_list("event", "state")
    return list(rows)
