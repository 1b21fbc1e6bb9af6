from __future__ import annotations

import datetime as dt

import pytest

from accounts.models import MonthlyRevenue
from actions.domain.rules.triggers import Trigger
from actions.models import FollowUp, FollowUpRule
from actions.services.follow_ups.facts import follow_up_facts
from analytics.models import HealthScore
from analytics.views.health.example import EXAMPLE
from tests.actions.following import OWNER
from tests.actions.health import scored
from tests.staffing import make_staff
from tests.world import NOW, make_customer

pytestmark = pytest.mark.django_db
TODAY, DAY = NOW.date(), dt.timedelta(days=1)
CLOSED = {"state": "closed", "closed_as": "done", "root_cause": "price", "closed_at": NOW}


def tick(day: dt.date = TODAY) -> int:
    return follow_up_facts(now=NOW + (day - TODAY), today=day)


def test_an_occasion_opens_one_for_the_owner_and_never_again() -> None:
    owner, customer = make_staff("cs", OWNER), make_customer(owner_email=OWNER)
    for month, mrr in ((9, 100), (10, 50), (11, 20)):
        MonthlyRevenue.objects.create(customer=customer, month=dt.date(2026, month, 1), mrr=mrr)
    assert tick() == 0
    FollowUpRule.objects.create(trigger=Trigger.CONTRACTION, level=10, due_hours=9)

    assert [tick(), tick()] == [1, 0]
    found = FollowUp.objects.get()
    assert (found.owner, found.trigger, found.occasion) == (owner, "contraction", "2026-10")
    # While it is open the next month is no second one; closed, only the next month opens another.
    december = dt.date(2026, 12, 5)
    assert tick(december) == 0
    FollowUp.objects.update(**CLOSED)
    assert [tick(), tick(december)] == [0, 1]


def test_a_band_is_told_again_only_after_the_distance_above_it() -> None:
    FollowUpRule.objects.create(trigger=Trigger.BAND, level=5, due_hours=9)
    customer = make_customer()
    scored(customer, "best", "worst")
    border = EXAMPLE["bands"][-2]["from"]
    HealthScore.objects.update(score=border - 1)
    assert tick() == 1
    FollowUp.objects.update(**CLOSED)

    later = TODAY + 30 * DAY
    scored(customer, "best", "worst", until=later - DAY)
    HealthScore.objects.filter(day__gt=TODAY).update(score=border + 4)
    assert tick(later) == 0
    HealthScore.objects.filter(day=later - 2 * DAY).update(score=border + 5)
    assert tick(later) == 1
