from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from accounts.models import CustomerTerms
from analytics.domain.metrics.catalogue import CATALOGUE
from tests.actions.goals import make_target
from tests.analytics.management.commanding import PERIOD, run
from tests.analytics.metrics import happened, told
from tests.analytics.world import (
    answer,
    ask,
    make_campaign,
    make_customer,
    make_dimension,
    make_respondent,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

FIELDS = (
    "segment metric unit value low high numerator denominator reportable previous change "
    "change_low change_high change_p_value change_significant target status"
)


def report(*arguments: str) -> Any:
    return json.loads(run("report_metrics", *PERIOD, *arguments))


def row(found: Any, metric: str, **segment: str) -> Any:
    [one] = [r for r in found["rows"] if r["metric"] == metric and r["segment"] == segment]
    return one


@pytest.fixture
def customers() -> list[Any]:
    make_dimension("plan")
    return [
        make_customer(
            started_on=dt.date(2025, 1, 1),
            churned_on=dt.date(2026, 5, 1) if n == 0 else None,
            plan="a" if n < 8 else "b",
            mrr={"2026-03": 100, "2026-06": 0 if n == 0 else 150},
        )
        for n in range(12)
    ]


def test_every_row_has_the_fields_of_the_contract_and_the_totals_come_first(
    customers: list[Any],
) -> None:
    found = report("--by", "plan")

    assert all(list(each) == FIELDS.split() for each in found["rows"])
    keys = [each.key for each in CATALOGUE]
    assert [each["metric"] for each in found["rows"][: len(keys)]] == keys
    assert all(each["segment"] == {} for each in found["rows"][: len(keys)])
    assert row(found, "customer_churn_rate", plan="a")["denominator"] == 8


def test_what_lacks_its_facts_is_unknown_and_says_which_file_brings_them(
    customers: list[Any],
) -> None:
    found = report()

    one = row(found, "education_rate")
    assert (one["value"], one["numerator"], one["denominator"]) == (None, None, None)
    assert (
        "Education rate is unknown: import events:trained with import_events." in found["unknown"]
    )


def test_a_share_counts_customers_and_changes_against_the_quarter_before(
    customers: list[Any],
) -> None:
    happened(customers[1], "referred", "2026-01-01")
    for customer in customers[1:4]:
        happened(customer, "referred", "2026-05-05")
    happened(customers[9], "referred", "2026-02-02")
    told("events:referred")

    found = report("--compare", "previous", "--by", "plan", "--metric", "referral_rate")

    total = row(found, "referral_rate")
    assert (total["numerator"], total["denominator"], total["value"]) == (3, 12, 0.25)
    assert total["low"] == pytest.approx(0.08894, abs=1e-5)
    assert total["previous"] == pytest.approx(2 / 12)
    assert total["change"] == pytest.approx(1 / 12)
    assert total["change_significant"] is False
    assert row(found, "referral_rate", plan="b")["numerator"] == 0


def test_what_the_segment_report_says_stands_here_too(customers: list[Any]) -> None:
    campaign = make_campaign()
    for place, customer in enumerate(customers):
        answer(ask(make_respondent(customer), campaign), 10 if place < 9 else 0)

    found = report()

    assert row(found, "nps")["value"] == 50
    assert row(found, "response_rate")["value"] == 1
    assert row(found, "customer_churn_rate")["value"] == pytest.approx(1 / 12)
    assert row(found, "grr")["value"] == pytest.approx(11 / 12)
    assert row(found, "nrr")["value"] == pytest.approx(11 * 150 / 1200)
    assert row(found, "net_revenue_churn_rate")["value"] == pytest.approx(1 - 11 * 150 / 1200)


def test_a_target_is_met_missed_or_open(customers: list[Any]) -> None:
    make_target("customer_churn_rate", "0.5")
    make_target("nrr", "1")
    make_target("onboarding_days", "30")

    found = report()

    assert row(found, "customer_churn_rate")["status"] == "met"
    assert (row(found, "nrr")["target"], row(found, "nrr")["status"]) == (1, "open")
    assert row(found, "grr")["status"] is None
    onboarding = row(found, "onboarding_days")
    assert (onboarding["target"], onboarding["status"]) == (30, None)


def test_a_renewal_date_is_known_from_the_first_file_on(customers: list[Any]) -> None:
    for customer in customers[:2]:
        CustomerTerms.objects.create(
            customer=customer, known_from=dt.date(2026, 9, 1), renews_on=dt.date(2026, 5, 1)
        )
    told("renews_on")

    assert row(report(), "renewal_rate")["value"] == 0.5
