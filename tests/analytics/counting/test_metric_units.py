from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from accounts.models import (
    CustomerTerms,
    ExchangeRate,
    ImportedFact,
    Measure,
    MetricSettings,
    MonthlyRevenue,
    Reading,
)
from tests.analytics.metrics import happened, told
from tests.analytics.reports.metrics.test_report import report, row
from tests.analytics.world import (
    answer,
    ask,
    make_campaign,
    make_customer,
    make_dimension,
    make_respondent,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
DAY = dt.date(2025, 1, 1)


@pytest.fixture
def customers() -> list[Any]:
    make_dimension("plan")
    return [
        make_customer(started_on=DAY, plan="a" if n < 8 else "b", mrr={"2026-03": 100})
        for n in range(12)
    ]


def test_feedback_and_comments(customers: list[Any]) -> None:
    keys = ["--metric", "feedback_rate", "--metric", "comment_rate", "--by", "plan"]
    assert row(report(*keys), "feedback_rate")["value"] is None
    campaign = make_campaign()
    for place, customer in enumerate(customers[:3]):
        answer(ask(make_respondent(customer), campaign), 9, comment="" if place else "Thanks")

    found = report(*keys)

    assert row(found, "feedback_rate")["value"] == 3 / 12
    assert row(found, "comment_rate", plan="a")["value"] == 1 / 8
    assert row(found, "feedback_rate", plan="b")["value"] == 0


def test_upsell_and_cross_sell(customers: list[Any]) -> None:
    keys = ["--metric", "upsell_rate", "--metric", "cross_sell_rate", "--by", "plan"]
    for place, customer in enumerate(customers):
        MonthlyRevenue.objects.create(
            customer=customer, month=dt.date(2026, 6, 1), mrr=120 if place < 3 else 100
        )

    found = report(*keys)

    assert row(found, "upsell_rate")["value"] == 3 / 12
    assert row(found, "upsell_rate", plan="b")["value"] == 0
    assert row(found, "cross_sell_rate")["value"] is None

    MonthlyRevenue.objects.update(product="A")
    MonthlyRevenue.objects.create(
        customer=customers[9], month=dt.date(2026, 6, 1), mrr=10, product="B"
    )
    assert row(report(*keys), "cross_sell_rate", plan="b")["value"] == 1 / 4
    # Of a period without a month-end revenue is compared with itself.
    short = ["--from", "2026-04-02", "--to", "2026-04-20"]
    assert row(report(*short, *keys), "upsell_rate")["value"] is None


def test_a_moving_exchange_rate_sells_nothing(customers: list[Any], settings: Any) -> None:
    settings.CURRENCY = "JPY"
    for month, rate in ((3, 100), (6, 150)):
        ExchangeRate.objects.create(month=dt.date(2026, month, 1), currency="USD", rate=rate)
    for place, customer in enumerate(customers):
        MonthlyRevenue.objects.create(
            customer=customer, month=dt.date(2026, 6, 1), mrr=100 if place else 110
        )
    MonthlyRevenue.objects.update(currency="USD")

    found = report("--metric", "upsell_rate", "--metric", "nrr")

    assert row(found, "upsell_rate")["numerator"] == 1
    assert row(found, "nrr")["value"] == pytest.approx(1.5 * 1210 / 1200)


def test_engagement_and_self_direction_are_of_the_last_28_days(customers: list[Any]) -> None:
    keys = ["--metric", "engagement_rate", "--metric", "self_directed_rate"]
    logins = Measure.objects.create(
        key="logins", first_day=dt.date(2026, 6, 1), last_day=dt.date(2026, 6, 30)
    )
    for place, customer in enumerate(customers):
        CustomerTerms.objects.create(customer=customer, known_from=DAY, seats=2)
        read_daily(logins, customer, days=20 if place < 4 else 4)
    for fact in ("seats", "events:contacted", "events:ticket_opened"):
        told(fact)
    happened(customers[0], "ticket_opened", "2026-06-20", ref="a")
    happened(customers[9], "contacted", "2026-06-20")

    found = report(*keys)

    assert row(found, "engagement_rate")["value"] is None
    assert "in the settings of metrics" in found["unknown"][0]
    assert row(found, "self_directed_rate")["value"] == 3 / 12

    MetricSettings.objects.create(pk=1, engagement_measure=logins, engagement_from="0.3")
    found = report(*keys)
    assert row(found, "engagement_rate")["value"] == 4 / 12
    assert "unknown" not in found


def read_daily(measure: Measure, customer: Any, *, days: int) -> None:
    """Two a day, on the last days of June."""
    Reading.objects.bulk_create(
        Reading(
            measure=measure,
            customer=customer,
            day=dt.date(2026, 6, 30) - dt.timedelta(days=back),
            value=2,
            known_from=DAY,
        )
        for back in range(days)
    )


def test_the_window_of_onboarding_is_the_organisations(customers: list[Any]) -> None:
    happened(customers[0], "onboarding_completed", "2025-01-20")
    ImportedFact.objects.create(
        fact="events:onboarding_completed", first_on=DAY, last_on=dt.date(2199, 1, 1)
    )
    keys = ["--metric", "onboarding_completion_rate"]

    assert row(report(*keys), "onboarding_completion_rate")["denominator"] == 0
    # 1 January 2025 and 500 days are 16 May 2026.
    MetricSettings.objects.create(pk=1, onboarding_days=500)
    assert row(report(*keys), "onboarding_completion_rate")["value"] == 1 / 12
