from __future__ import annotations

import datetime as dt

import pytest

from accounts.models import AuditEvent
from analytics.models import HealthOverride
from analytics.queries.health.overrides import bands_set_by_hand
from analytics.services.health.overrides import end_override, set_band
from tests.analytics import world
from tests.analytics.health import DAY, NOW
from tests.staffing import make_staff

pytestmark = pytest.mark.django_db
ONE = dt.timedelta(days=1)


def test_a_band_set_by_hand_stands_until_its_last_day() -> None:
    customer, staff = world.make_customer(), make_staff("cs")
    said = {"by": staff, "now": NOW, "today": DAY}
    set_band(customer, band="risk", reason="The champion left", until=DAY + 9 * ONE, **said)
    set_band(customer, band="watch", reason="Better", until=DAY + 9 * ONE, **said)

    assert HealthOverride.objects.count() == 2
    days = [DAY - ONE, DAY, DAY + 9 * ONE, DAY + 10 * ONE]
    found = [bands_set_by_hand([customer.pk], on=day).get(customer.pk) for day in days]
    assert found == [None, "watch", "watch", None]
    assert AuditEvent.objects.filter(action="health.override").count() == 2


def test_it_is_ended_once() -> None:
    customer, staff = world.make_customer(), make_staff("cs")
    set_band(customer, band="risk", reason="x", until=DAY, by=staff, now=NOW, today=DAY)

    assert end_override(customer, by=staff, now=NOW)
    assert not end_override(customer, by=staff, now=NOW)
    assert bands_set_by_hand([customer.pk], on=DAY) == {}
