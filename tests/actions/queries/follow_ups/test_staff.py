from __future__ import annotations

import datetime as dt

import pytest

from actions.models import WorkingHours
from actions.queries.follow_ups.staff import hours_of, owner_among, workers
from tests.staffing import make_staff

pytestmark = pytest.mark.django_db


def test_ones_own_hours_come_before_everybodys_and_those_before_koes() -> None:
    mine, other = make_staff("cs", "a@koe.example"), make_staff("cs", "b@koe.example")
    assert hours_of(None).window.start == dt.time(9)

    WorkingHours.objects.create(starts=dt.time(8))
    WorkingHours.objects.create(
        staff=mine, starts=dt.time(10), weekdays=[1], holidays_of="JP", time_zone="Asia/Tokyo"
    )

    assert [hours_of(each).window.start.hour for each in (None, other, mine)] == [8, 8, 10]
    assert hours_of(mine).window.weekdays == {1}
    assert hours_of(mine).is_holiday(dt.date(2026, 11, 23))
    assert str(hours_of(mine).zone) == "Asia/Tokyo"


def test_the_accounts_owner_comes_before_who_made_the_campaign_and_gone_ones_never() -> None:
    cs, admin = make_staff("cs", "a@koe.example"), make_staff("admin", "b@koe.example")
    make_staff("cs", "gone@koe.example", is_active=False)
    make_staff("viewer", "viewer@koe.example")
    known = workers()
    assert known == [cs, admin]

    assert owner_among(known, account="A@koe.example", campaign=admin.pk) == cs
    assert owner_among(known, account="gone@koe.example", campaign=admin.pk) == admin
    assert owner_among(known, account="", campaign=None) is None
