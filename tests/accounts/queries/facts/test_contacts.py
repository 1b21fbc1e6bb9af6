from __future__ import annotations

import datetime as dt

import pytest

from accounts.models import Pulse
from accounts.queries.facts.contacts import pulses_of
from tests.world import NOW, make_customer

pytestmark = pytest.mark.django_db


def test_the_latest_pulse_counts_for_ninety_days() -> None:
    customer = make_customer()
    at = NOW - dt.timedelta(days=90)
    for moment, value in ((at - dt.timedelta(days=1), 9), (at, 4)):
        Pulse.objects.create(customer=customer, at=moment, value=value, reason="-")

    def counting(now: dt.datetime) -> list[tuple[int, bool]]:
        return [(each.value, counts) for each, counts in pulses_of(customer, now=now, at_most=5)]

    assert counting(NOW - dt.timedelta(seconds=1)) == [(4, True), (9, False)]
    assert counting(NOW) == [(4, False), (9, False)]
