from __future__ import annotations

import pytest

from accounts.models import AuditEvent
from actions.models import AlertRule, Delivery
from actions.services.alerts.rules import delete_rule, save_rule, try_receivers
from tests.actions.alerting import make_channel, make_rule
from tests.staffing import make_staff
from tests.world import NOW

pytestmark = pytest.mark.django_db


def test_whom_a_rule_tells_is_recorded() -> None:
    admin, channel = make_staff("admin", name="Aya"), make_channel()
    rule = AlertRule(name="Praise")
    save_rule(rule, staff=[admin], channels=[channel], by=admin, now=NOW)
    delete_rule(rule, by=admin, now=NOW)

    saved, deleted = AuditEvent.objects.filter(action__startswith="alert").order_by("pk")
    assert (saved.target, saved.detail) == ("Praise", {"is_active": True, "tells": "Aya, Board"})
    assert deleted.action == "alert.delete"


def test_a_test_goes_to_nobody_who_would_not_be_told() -> None:
    rule = make_rule(
        make_staff("viewer"),
        make_staff("cs", is_active=False),
        make_channel(),
        make_channel(disabled="gone"),
    )

    assert try_receivers(rule, now=NOW) == 2
    assert set(Delivery.objects.values_list("event", "lane")) == {
        ("test", "mail"),
        ("test", f"channel-{rule.channels.get(disabled='').pk}"),
    }
