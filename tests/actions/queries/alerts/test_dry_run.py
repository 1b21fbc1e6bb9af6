from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from accounts.models import MonthlyRevenue, SegmentProfile
from actions.domain.alerts.rules import AlertOn, Group
from actions.queries.alerts.dry_run import try_alert
from surveys.models import Response
from tests.actions.following import answered
from tests.world import DAY, NOW, make_customer

pytestmark = pytest.mark.django_db


def test_the_answers_of_a_year_that_somebody_would_have_been_told_of_are_counted() -> None:
    profile = SegmentProfile.objects.create(digest="d", values={"plan": "pro"})
    answered(10, comment="Good")
    answered(9, profile=profile)
    answered(2, comment=" ", at=NOW - 364 * DAY)
    answered(10, at=NOW - 366 * DAY)
    answered(10, reason="imported")
    Response.objects.filter(pk=answered(10).pk).update(suspect=True)

    counts = {
        "any": AlertOn(),
        "promoters": AlertOn(Group.PROMOTER),
        "words": AlertOn(only_with_comment=True),
        "pro": AlertOn(dimension="plan", value="pro"),
    }
    found = {name: try_alert(each, now=NOW) for name, each in counts.items()}
    assert found == {"any": 3, "promoters": 2, "words": 1, "pro": 1}


def test_mrr_is_that_of_the_month_before_each_answer() -> None:
    customer = make_customer()
    for month, amount in ((9, 100), (10, 900)):
        first = dt.date(2026, month, 1)
        MonthlyRevenue.objects.create(customer=customer, month=first, mrr=amount, currency="JPY")
    answered(9, customer=customer, at=NOW - 30 * DAY)
    answered(9, customer=customer, at=NOW)

    assert try_alert(AlertOn(mrr_at_least=Decimal(500)), now=NOW) == 1
    assert try_alert(AlertOn(mrr_at_least=Decimal(100)), now=NOW) == 2
