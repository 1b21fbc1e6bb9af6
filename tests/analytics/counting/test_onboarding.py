from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from accounts.models import Customer
from analytics.counting.behind import Asked, customers_behind
from analytics.domain.periods import Period
from analytics.queries.filters import Filters
from tests.analytics.management.commanding import PERIOD, run
from tests.analytics.metrics import happened, told
from tests.analytics.world import make_customer

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
QUARTER = Period.from_inclusive(dt.date(2026, 4, 1), dt.date(2026, 6, 30))
TODAY = dt.date(2026, 11, 24)


def onboarded(name: str, started: str, after: int | None, *, left: str | None = None) -> Customer:
    first = dt.date.fromisoformat(started)
    gone = dt.date.fromisoformat(left) if left else None
    customer = make_customer(customer_id=name, started_on=first, churned_on=gone)
    if after is not None:
        happened(customer, "onboarding_completed", f"{first + dt.timedelta(days=after)}")
    return customer


@pytest.fixture
def world() -> None:
    told("events:onboarding_completed")
    # The year before: 10, 20 and 30 days, so a median of 20.
    for days in (10, 20, 30):
        onboarded(f"before {days}", "2025-06-01", days)
    onboarded("before the year", "2025-03-31", 90)
    onboarded("in time", "2026-04-01", 20)
    onboarded("late", "2026-04-01", 21)
    onboarded("open", "2026-05-01", None)
    onboarded("still in time", "2026-06-20", None)
    onboarded("gone", "2026-04-01", None, left="2026-05-20")


@pytest.mark.usefixtures("world")
def test_who_takes_longer_than_the_median_of_the_year_before() -> None:
    found: Any = json.loads(run("report_metrics", *PERIOD, "--metric", "onboarding_days"))

    late = found["late_onboarding"]
    assert late["median_before"] == 20
    assert [
        (each["customer_id"], each["days"], each["completed"]) for each in late["customers"]
    ] == [
        ("open", 60, False),
        ("late", 21, True),
    ]
    assert "late_onboarding" not in json.loads(run("report_metrics", *PERIOD, "--metric", "nps"))


@pytest.mark.usefixtures("world")
def test_the_list_of_customers_opens_them() -> None:
    found = customers_behind(Asked("onboarding_late", Filters(QUARTER), TODAY))

    names = Customer.objects.filter(pk__in=found).values_list("customer_id", flat=True)
    assert set(names) == {"open", "late"}


@pytest.mark.usefixtures("world")
def test_without_a_median_nobody_is_late() -> None:
    Customer.objects.filter(customer_id__startswith="before").delete()

    assert customers_behind(Asked("onboarding_late", Filters(QUARTER), TODAY)) == []
