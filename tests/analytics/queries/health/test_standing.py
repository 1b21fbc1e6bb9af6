from __future__ import annotations

import datetime as dt

import pytest

from accounts.models import Customer
from analytics.models import HealthOverride
from analytics.queries.health.standing import Standing, at_risk, standings
from tests.analytics.health import DAY, NOW, make_scored, publish, tick

pytestmark = pytest.mark.django_db
TODAY = DAY + dt.timedelta(days=1)


def by_hand(customer: Customer, band: str) -> None:
    HealthOverride.objects.create(
        customer=customer, band=band, reason="x", since=DAY, until=TODAY, created_at=NOW
    )


def test_a_band_by_hand_stands_in_place_of_the_computed_one() -> None:
    publish()
    good, bad, lifted = make_scored(10), make_scored(0), make_scored(0)
    new = make_scored(10, started_on=DAY)
    tick()
    by_hand(lifted, "good")

    found = standings([good.pk, bad.pk, lifted.pk, new.pk], day=DAY, today=TODAY)

    assert found[good.pk] == Standing(80, "good", False, "best", False, "tech")
    assert found[bad.pk] == Standing(20, "risk", False, "worst", False, "high")
    assert found[lifted.pk] == Standing(20, "good", True, "best", False, "tech")
    assert (found[new.pk].score, found[new.pk].too_new) == (None, True)
    assert at_risk(day=DAY, today=TODAY) == [bad.pk]


def test_without_scores_nobody_is_anywhere() -> None:
    publish()
    customer = make_scored(0)

    assert standings([customer.pk], day=None, today=TODAY) == {}
    assert at_risk(day=None, today=TODAY) == []
