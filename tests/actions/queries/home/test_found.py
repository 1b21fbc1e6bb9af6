from __future__ import annotations

import datetime as dt

import pytest

from accounts.models import Customer
from actions.queries.home.found import Scope, nothing
from tests.staffing import make_staff
from tests.world import NOW, make_customer, make_respondent

pytestmark = pytest.mark.django_db


def test_mine_are_ones_own_accounts_and_those_of_nobody() -> None:
    me = make_staff("cs")
    mine, nobodys = make_customer(owner_email="CS@koe.example"), make_customer()
    make_customer(owner_email="other@koe.example")
    respondent = make_respondent(customer=mine)
    scope = Scope(me, NOW, is_mine=True)

    found = Customer.objects.filter(scope.accounts("pk"))
    assert set(found) == {mine, nobodys}
    assert set(respondent.customer.respondents.filter(scope.accounts("customer"))) == {respondent}
    everybodys = Scope(me, NOW, is_mine=False)
    assert Customer.objects.filter(everybodys.accounts("pk")).count() == 3


def test_today_is_the_organisations(settings) -> None:
    settings.TIME_ZONE = "Asia/Tokyo"
    evening = dt.datetime(2026, 11, 24, 20, tzinfo=dt.UTC)

    assert Scope(make_staff(), evening, is_mine=False).today == dt.date(2026, 11, 25)
    assert nothing(0, 5) == []
