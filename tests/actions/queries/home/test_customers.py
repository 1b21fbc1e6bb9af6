from __future__ import annotations

import pytest
from django.utils import timezone

from accounts.models import Customer, Event
from actions.models import FollowUp
from actions.queries.home.customers import late_onboarding, renewals
from actions.queries.home.found import Scope
from tests.actions.health import scored
from tests.staffing import make_staff
from tests.world import DAY, NOW, make_customer

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate(NOW)


def scope(*, is_mine: bool = False) -> Scope:
    return Scope(make_staff("cs"), NOW, is_mine)


def followed(customer: Customer, trigger: str, days: int) -> FollowUp:
    due = NOW + days * DAY
    return FollowUp.objects.create(
        customer=customer, trigger=trigger, opened_at=NOW, due_at=due, first_due_at=due
    )


def renewing(days: int, *, band: str = "worst", **fields: object) -> Customer:
    customer = make_customer(renews_on=TODAY + days * DAY, **fields)
    scored(customer, band)
    return customer


def test_renewals_in_90_days_that_are_not_good_the_next_first() -> None:
    later, soon = renewing(90), renewing(3)
    renewing(91)
    renewing(9, band="best")
    renewing(9, churned_on=TODAY)
    make_customer(renews_on=TODAY + 5 * DAY)
    at_it = followed(later, "renewal", 4)

    found = renewals(scope())

    assert found.total == 2
    first, second = found.take(0, 9)
    assert (first.about, first.follow_up, first.due) == (soon, None, TODAY + 3 * DAY)
    assert (second.about, second.follow_up) == (later, at_it.pk)
    assert first.level > second.level
    assert [line.about for line in found.take(1, 2)] == [later]


def test_a_renewal_whose_follow_up_is_due_stands_there_alone() -> None:
    followed(renewing(30), "renewal", 0)

    assert renewals(scope()).total == 0


def test_renewals_of_ones_own_accounts() -> None:
    mine = renewing(5, owner_email="cs@koe.example")
    renewing(5, owner_email="other@koe.example")

    assert [line.about for line in renewals(scope(is_mine=True)).take(0, 9)] == [mine]


def test_onboarding_is_late_from_the_day_of_the_rule_on() -> None:
    assert late_onboarding(scope()).total == 0
    late, later, _new = (make_customer(started_on=TODAY - days * DAY) for days in (120, 99, 40))
    done = make_customer(started_on=TODAY - 99 * DAY)
    Event.objects.create(
        customer=done, kind="onboarding_completed", at=NOW - DAY, known_from=TODAY - DAY
    )
    at_it = followed(later, "onboarding", 4)

    found = late_onboarding(Scope(make_staff("admin"), NOW, is_mine=False))

    assert found.total == 2
    lines = found.take(0, 9)
    assert [line.about for line in lines] == [late, later]
    assert lines[0].due == TODAY - 30 * DAY
    assert [(line.level, line.follow_up) for line in lines] == [(4, None), (1, at_it.pk)]
