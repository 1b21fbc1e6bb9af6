from __future__ import annotations

import pytest
from django.utils import timezone

from actions.models import FollowUp
from actions.queries.home.found import Scope
from actions.queries.home.since import since_yesterday
from tests.actions.following import OWNER, answered
from tests.actions.health import scored
from tests.staffing import make_staff
from tests.world import DAY, NOW, make_customer

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate(NOW)


def test_nothing_happened() -> None:
    answered(9, at=NOW - 3 * DAY)

    found = since_yesterday(Scope(make_staff("cs"), NOW, is_mine=False))

    assert (found.answers, found.detractors, found.opened, found.closed) == (0, 0, 0, 0)
    assert (found.now.nps, found.customers_moved) == (None, 0)


def test_answers_and_where_the_nps_of_30_days_went() -> None:
    me = make_staff("cs", OWNER)
    for number in range(12):
        answered(9 if number else 8, at=NOW - 3 * DAY)
    scope = Scope(me, NOW, is_mine=True)
    assert since_yesterday(scope).direction == 0
    answered(2)
    answered(10, at=NOW - DAY)
    answered(1, customer=make_customer(owner_email="other@koe.example"))

    found = since_yesterday(scope)

    assert (found.day, found.answers, found.detractors) == (TODAY - DAY, 2, 1)
    assert found.before.nps == pytest.approx(100 * 11 / 12)
    assert found.now.nps == pytest.approx(100 * 11 / 14)
    assert found.direction == -1
    assert since_yesterday(Scope(me, NOW, is_mine=False)).answers == 3


def test_many_answers_of_few_customers_are_no_figure() -> None:
    few = [make_customer() for _ in range(4)]
    for number in range(12):
        answered(9, customer=few[number % 4])
    scope = Scope(make_staff("cs"), NOW, is_mine=False)

    assert (since_yesterday(scope).now.answers, since_yesterday(scope).now.nps) == (12, None)
    answered(9, customer=make_customer())
    assert since_yesterday(scope).now.nps == 100


def test_follow_ups_opened_and_closed() -> None:
    me = make_staff("cs", OWNER)
    answered(3)
    closed = FollowUp.objects.get(cases__response=answered(4, at=NOW - 3 * DAY))
    FollowUp.objects.filter(pk=closed.pk).update(
        state="closed", closed_as="done", root_cause="price", closed_at=NOW
    )
    # Noted before there were follow-ups: nobody closed it now.
    old = FollowUp.objects.get(cases__response=answered(4, at=NOW - 3 * DAY))
    FollowUp.objects.filter(pk=old.pk).update(state="closed", closed_as="earlier", closed_at=NOW)

    found = since_yesterday(Scope(me, NOW, is_mine=True))

    assert (found.opened, found.closed) == (1, 1)


def test_customers_that_changed_their_band_or_left_by_name() -> None:
    for number in range(4):
        scored(make_customer(name=f"Worse {number}"), "best", "best", "worst")
    scored(make_customer(name="Better"), "worst", "worst", "best")
    scored(make_customer(name="Same"), "worst", "worst", "worst")
    make_customer(name="Gone", churned_on=TODAY)
    make_customer(name="Long gone", churned_on=TODAY - 2 * DAY)

    found = since_yesterday(Scope(make_staff("cs"), NOW, is_mine=False))

    assert [each.name for each in found.worse.first] == ["Worse 0", "Worse 1", "Worse 2"]
    assert (found.worse.total, found.worse.others) == (4, 1)
    assert [str(each) for each in found.better.first + found.left.first] == ["Better", "Gone"]
    assert found.customers_moved == 6
