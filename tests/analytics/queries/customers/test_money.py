"""Revenue in two currencies, as in an export in which some customers are billed in dollars."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from accounts.domain.imports.file_columns import FileKind
from accounts.models import Customer, Dimension, MonthlyRevenue
from accounts.queries.money.currency import conversion
from accounts.queries.money.revenue import mrr_known_on
from accounts.queries.values import values_in
from analytics.domain.periods import Period
from analytics.queries.filters import Filters
from analytics.reports.answers.segments import SegmentReport, segment_report
from analytics.reports.outcomes import outcome_report
from analytics.reports.retention import retention_report
from tests.accounts.importing import Files
from tests.analytics import world
from tests.staffing import client_as

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

JULY_TO_OCTOBER = Period(dt.date(2026, 7, 1), dt.date(2026, 11, 1))
NOVEMBER = dt.date(2026, 11, 15)
RATES = [["month", "currency", "rate"], ["2026-06", "USD", "150"], ["2026-10", "USD", "120"]]
LEFT_OUT = [{"currency": "USD", "amounts": 10, "customers": 5, "from": "2026-06", "to": "2026-10"}]


def bring_in(folder: Path, *, switched: bool) -> Files:
    """Five of contract big pay 100,000 yen; five small ones, or the big ones later, dollars."""
    files = Files(folder)
    header = ["customer_id", "started_on", "contract"]
    customers = [[f"K{n}", "2024-01-01", "big" if n <= 5 else "small"] for n in range(1, 11)]
    files.bring_in(FileKind.CUSTOMERS, [header, *customers])
    rows = [[f"K{n}", "2026-06", "100000", "JPY"] for n in range(1, 6)]
    if switched:
        rows += [[f"K{n}", "2026-10", "700", "USD"] for n in range(1, 6)]
        # Of most rows.
        rows.append(["K6", "2026-06", "0", "JPY"])
    else:
        rows += [[f"K{n}", "2026-10", "100000", "JPY"] for n in range(1, 6)]
        rows += [[f"K{n}", m, "1000", "USD"] for n in range(6, 11) for m in ("2026-06", "2026-10")]
    files.bring_in(FileKind.REVENUE, [["customer_id", "month", "mrr", "currency"], *rows])
    return files


def report(**fields: Any) -> SegmentReport:
    return segment_report(Filters(JULY_TO_OCTOBER, by=("contract",), **fields))


def test_amounts_without_a_rate_are_left_out_and_told_of(tmp_path: Path) -> None:
    bring_in(tmp_path, switched=False)

    found = report()

    big, small = found.rows
    assert (big.mrr_start, big.nrr) == (500_000.0, 1.0)
    assert (small.mrr_start, small.mrr_churned, small.grr, small.nrr) == (None, None, None, None)
    assert (found.total.mrr_start, found.total.nrr) == (500_000.0, 1.0)
    shown = json.loads(json.dumps(found.as_dict()))
    assert (shown["currency"], shown["left_out"]) == ("JPY", LEFT_OUT)


def test_amounts_are_converted_at_the_rate_of_their_month(tmp_path: Path) -> None:
    bring_in(tmp_path, switched=False).bring_in(FileKind.RATES, RATES)

    found = report()

    _, small = found.rows
    assert (small.mrr_start, small.nrr, small.mrr_contraction) == (750_000.0, 0.8, 150_000.0)
    assert (found.total.mrr_start, found.total.nrr) == (1_250_000.0, 1_100 / 1_250)
    assert "left_out" not in found.as_dict()


def test_a_customer_billed_in_another_currency_from_then_on_has_not_shrunk(tmp_path: Path) -> None:
    files = bring_in(tmp_path, switched=True)
    assert (report().rows[0].mrr_start, report().rows[0].nrr) == (None, None)
    retention = retention_report(JULY_TO_OCTOBER, today=NOVEMBER)
    assert [each.movements.churned for each in retention.months] == [500_000.0, 0, 0, 0]

    files.bring_in(FileKind.RATES, RATES)
    assert report().rows[0].nrr == 700 * 120 / 100_000


def test_movements_cohorts_and_revenue_at_risk_leave_out_what_they_cannot_convert(
    tmp_path: Path,
) -> None:
    files = bring_in(tmp_path, switched=False)
    campaign = world.make_campaign()
    for customer in Customer.objects.all():
        world.give_scores(customer, campaign, 3)
    april = Period(dt.date(2026, 4, 1), dt.date(2026, 5, 1))

    def seen() -> tuple[float, float, float]:
        retention = retention_report(JULY_TO_OCTOBER, today=NOVEMBER)
        assert retention.movements is not None
        [june] = retention_report(
            Period(dt.date(2026, 6, 1), dt.date(2026, 7, 1)), today=NOVEMBER
        ).revenue.weights
        at_risk = outcome_report(april, horizon_days=180, today=NOVEMBER).at_risk
        return retention.movements.start, june, sum(each.mrr or 0 for each in at_risk)

    assert seen() == (500_000.0, 500_000.0, 500_000.0)
    files.bring_in(FileKind.RATES, RATES)
    assert seen() == (1_250_000.0, 1_250_000.0, 1_100_000.0)


def test_votes_weigh_what_was_converted(tmp_path: Path) -> None:
    files = bring_in(tmp_path, switched=False)
    campaign = world.make_campaign()
    for name, score in (("K1", 10), ("K6", 0)):
        customer = Customer.objects.get(customer_id=name)
        world.give_scores(customer, campaign, score, at="2026-08-01T12:00+00:00")
    assert report().total.revenue_weighted_nps == 100

    files.bring_in(FileKind.RATES, RATES)
    assert report().total.revenue_weighted_nps == 100 * (100_000 - 150_000) / 250_000


def test_bands_of_mrr_are_in_the_currency_of_reports(tmp_path: Path) -> None:
    files = bring_in(tmp_path, switched=False)
    Dimension.objects.create(
        name="size",
        source="customer",
        attribute="_mrr",
        bands={"thresholds": ["110000"], "labels": ["low", "high"]},
    )
    size = Dimension.objects.get(name="size")
    pk = Customer.objects.get(customer_id="K6").pk

    def seen() -> tuple[Any, ...]:
        rows = segment_report(Filters(JULY_TO_OCTOBER, by=("size",))).rows
        customers = {row.segment["size"]: row.customers_at_start for row in rows}
        counted = {each.text: each.count for each in values_in(size, day=NOVEMBER)}
        return customers, counted, mrr_known_on([pk], day=NOVEMBER)

    assert seen() == ({"low": 5, "": 5}, {"low": 5, "high": 0, "": 5}, {})
    files.bring_in(FileKind.RATES, RATES)
    bands = {"low": 5, "high": 5}
    assert seen() == (bands, bands, {pk: "120000.00"})


def test_what_the_setting_says_is_the_currency_of_reports(tmp_path: Path, settings: Any) -> None:
    bring_in(tmp_path, switched=False)
    MonthlyRevenue.objects.filter(customer__customer_id="K1").update(currency="")
    settings.CURRENCY = "USD"

    assert conversion().currency == "USD"
    found = report()
    # A row without a currency is in it.
    assert [row.mrr_start for row in found.rows] == [100_000.0, 5_000.0]
    assert [each.currency for each in found.money.left_out] == ["JPY"]


@pytest.mark.parametrize("path", ["segments/", "outcomes/", "retention/", "trend/", ""])
def test_every_page_with_money_tells_of_what_is_left_out(tmp_path: Path, path: str) -> None:
    bring_in(tmp_path, switched=False)
    page = client_as("viewer").get(f"/analytics/{path}").content.decode()

    assert "of 5 customers (June 2026 to October 2026) is left out of all amounts" in page


def test_the_list_of_customers_sorts_by_what_can_be_compared(tmp_path: Path) -> None:
    files = bring_in(tmp_path, switched=False)
    files.bring_in(FileKind.RATES, RATES)
    rows = client_as("cs").get("/customers/?sort=-mrr").context["rows"]

    assert [each.customer.customer_id for each in rows][:5] == ["K6", "K7", "K8", "K9", "K10"]
