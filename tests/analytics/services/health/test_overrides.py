from __future__ import annotations

import datetime as dt

import pytest

from accounts.models import AuditEvent
from analytics.models import HealthOverride
from analytics.queries.health.overrides import bands_set_by_hand
from analytics.services.health.overrides import end_override, set_band
from analytics.services.health.signals import band_set
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


def test_who_hears_of_a_band_is_told_what_was_in_force_before() -> None:
    customer, staff = world.make_customer(), make_staff("cs")
    heard: list[tuple[str, str]] = []

    def hear(before: str, after: str, **_: object) -> None:
        heard.append((before, after))

    band_set.connect(hear)
    said = {"band": "risk", "reason": "x", "by": staff}
    set_band(customer, until=DAY, now=NOW, today=DAY, **said)
    set_band(customer, until=DAY + ONE, now=NOW, today=DAY, **said)
    # Its last day is over, and nobody has ended it.
    set_band(customer, until=DAY + 9 * ONE, now=NOW + 2 * ONE, today=DAY + 2 * ONE, **said)
    end_override(customer, by=staff, now=NOW + 3 * ONE)
    band_set.disconnect(hear)

    assert heard == [("", "risk"), ("risk", "risk"), ("", "risk"), ("risk", "")]
