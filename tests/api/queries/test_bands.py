from __future__ import annotations

import datetime as dt

import pytest

from analytics.models import HealthOverride
from api.queries.bands import band_of, bands_changed
from tests.actions.health import TODAY, scored
from tests.staffing import make_staff
from tests.world import DAY, NOW, make_customer

pytestmark = pytest.mark.django_db
YESTERDAY = TODAY - DAY


def by_hand(customer: object, band: str, *, since: dt.date, until: dt.date) -> None:
    HealthOverride.objects.create(
        customer=customer, band=band, reason="x", since=since, until=until,
        created_by=make_staff("admin", f"{band}{until}@koe.example"), created_at=NOW,
    )  # fmt: skip


def test_whoever_stands_elsewhere_than_the_night_before_is_told_with_both_bands() -> None:
    falls, stays, new = make_customer(), make_customer(), make_customer()
    scored(falls, "best", "worst")
    scored(stays, "best", "best")
    scored(new, "worst")

    [change] = bands_changed(YESTERDAY, today=TODAY)

    assert change.customer == falls.pk
    assert change.before == band_of(stays.pk, today=TODAY)
    assert change.after == band_of(new.pk, today=TODAY)


def test_a_band_by_hand_hides_the_computed_one_and_its_last_day_is_a_change() -> None:
    hidden, ends = make_customer(), make_customer()
    scored(hidden, "best", "worst")
    scored(ends, "worst", "worst")
    by_hand(hidden, "Kept", since=TODAY - 9 * DAY, until=TODAY + 9 * DAY)
    by_hand(ends, "Kept", since=TODAY - 9 * DAY, until=YESTERDAY)

    told = list(bands_changed(YESTERDAY, today=TODAY))

    assert [(each.customer, each.before) for each in told] == [(ends.pk, "Kept")]


def test_of_the_first_night_nobody_can_tell() -> None:
    scored(make_customer(), "worst")

    assert list(bands_changed(YESTERDAY, today=TODAY)) == []
    assert band_of(make_customer().pk, today=TODAY) == ""
