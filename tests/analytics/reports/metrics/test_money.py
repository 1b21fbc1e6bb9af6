from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from accounts.models import Event, ImportedFact, MetricSettings, MonthlyRevenue
from tests.analytics.reports.metrics.test_report import report, row
from tests.analytics.world import make_customer, make_dimension

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

MONTHS = [f"2026-{month:02}" for month in range(1, 7)]


def paying(
    *, gone: str | None = None, mrr: float = 100, started: str = "2026-01-01", **of: Any
) -> Any:
    day = dt.date.fromisoformat(gone) if gone else None
    months = [each for each in MONTHS if started[:7] <= each and (not gone or each < gone[:7])]
    return make_customer(
        started_on=dt.date.fromisoformat(started),
        churned_on=day,
        mrr=dict.fromkeys(months, mrr),
        **of,
    )


@pytest.fixture
def world() -> None:
    """Twenty that pay 100 and ten that pay 40, one of each kind leaves in May."""
    make_dimension("plan")
    for place in range(20):
        paying(gone="2026-05-10" if place == 0 else None, plan="a")
    for place in range(10):
        paying(gone="2026-05-20" if place == 0 else None, mrr=40, plan="b")


@pytest.mark.usefixtures("world")
def test_every_share_of_money_has_an_interval_and_a_change() -> None:
    found = report("--by", "plan", "--compare", "previous")

    grr, churn = row(found, "grr"), row(found, "revenue_churn_rate")
    assert grr["value"] == pytest.approx(2260 / 2400)
    assert 0.8 < grr["low"] < grr["value"] < grr["high"] <= 1
    assert (churn["low"], churn["high"]) == (1 - grr["high"], 1 - grr["low"])
    assert row(found, "nrr")["low"] == pytest.approx(grr["low"], abs=0.02)
    assert row(found, "grr", plan="a")["value"] == pytest.approx(0.95)
    # Before January no revenue is known, so nothing is known of the quarter before.
    assert (grr["previous"], grr["change_low"]) == (None, None)


@pytest.mark.usefixtures("world")
def test_lifetime_values() -> None:
    MetricSettings.objects.create(pk=1, margin="0.5")

    found = report("--by", "plan", "--metric", "clv", "--metric", "clv_survival")

    value, survival = row(found, "clv"), row(found, "clv_survival")
    mrr = (19 * 100 + 9 * 40) / 28
    # Nobody left in April and June: a third of the churn of May.
    assert value["value"] == pytest.approx(mrr / (2 / 30 / 3))
    assert (value["unit"], value["numerator"], value["denominator"]) == ("money", None, None)
    assert value["low"] < value["value"]
    assert row(found, "clv", plan="a")["value"] == pytest.approx(100 / (1 / 20 / 3))
    # Everybody started in January: in the fifth month of life 140 of 2,400 left, then all are 5.
    assert found["horizon_months"] == 6
    assert survival["value"] == pytest.approx(mrr * 0.5 * (5 + 2260 / 2400))


@pytest.mark.usefixtures("world")
def test_what_a_customer_pays_is_bought_where_there_is_no_revenue() -> None:
    MonthlyRevenue.objects.all().delete()
    buyer = paying()
    MonthlyRevenue.objects.all().delete()
    moment = dt.datetime(2026, 4, 10, 12, tzinfo=dt.UTC)
    Event.objects.create(
        customer=buyer, kind="purchased", at=moment, value=500, known_from=moment.date()
    )
    ImportedFact.objects.create(
        fact="events:purchased", first_on=moment.date(), last_on=dt.date(2199, 1, 1)
    )

    found = report("--metric", "clv", "--metric", "clv_survival")

    yearly = 500 * 365.25 / 91
    assert row(found, "clv")["value"] == pytest.approx(yearly / (12 * 2 / 31 / 3))
    assert row(found, "clv_survival")["value"] is None


@pytest.mark.usefixtures("world")
def test_nobody_is_known_to_have_left_and_nobody_left() -> None:
    early = ["--from", "2026-02-01", "--to", "2026-03-31", "--metric", "clv"]
    assert row(report(*early), "clv")["value"] is None

    ImportedFact.objects.filter(fact="churn").update(last_on=dt.date(2026, 4, 1))
    assert row(report("--metric", "clv_survival"), "clv_survival")["value"] is None
