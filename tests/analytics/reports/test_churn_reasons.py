from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from accounts.models import ImportedFact
from analytics.models import HealthFormula, HealthScore
from tests.analytics.management.commanding import PERIOD, run
from tests.analytics.world import answer, ask, make_campaign, make_customer, make_respondent
from tests.staffing import client_as

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def reasons() -> Any:
    return json.loads(run("report_retention", *PERIOD))["churn_reasons"]


def left(day: str, reason: str, mrr: dict[str, float]) -> Any:
    customer = make_customer(
        started_on=dt.date(2025, 1, 1), churned_on=dt.date.fromisoformat(day), mrr=mrr
    )
    customer.churn_reason = reason
    customer.save()
    return customer


def scored(customer: Any, day: str, band: str) -> None:
    formula = HealthFormula.objects.first() or HealthFormula.objects.create(
        name="Standard", version=1, definition={}, created_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    )
    HealthScore.objects.create(
        customer=customer,
        day=day,
        formula=formula,
        band=band,
        known_share=1,
        parts=b"",
        scored_on=dt.date(2026, 7, 1),
    )


@pytest.fixture
def world() -> None:
    ImportedFact.objects.create(
        fact="churn_reason", first_on=dt.date(2025, 1, 1), last_on=dt.date(2026, 11, 1)
    )
    campaign = make_campaign()
    one = left("2026-05-10", "price", {"2026-03": 100, "2026-04": 80, "2026-05": 70})
    two = left("2026-06-01", "price", {"2026-03": 100})
    left("2026-06-30", "", {"2026-05": 5})
    left("2026-07-01", "price", {"2026-05": 900})
    answer(ask(make_respondent(one), campaign), 9)
    # What is said on the day of leaving, or by a burst, tells nothing of before.
    answer(ask(make_respondent(one), campaign), 0, at="2026-05-10T00:00+00:00")
    answer(ask(make_respondent(two), campaign), 3)
    answer(ask(make_respondent(two), campaign), 10, at="2026-05-01T12:00+00:00", suspect=True)
    scored(one, "2026-05-08", "good")
    scored(one, "2026-05-09", "risk")
    scored(one, "2026-05-10", "good")


@pytest.mark.usefixtures("world")
def test_reasons_with_what_was_paid_said_and_scored_last() -> None:
    price, unknown = reasons()

    assert (price["reason"], price["customers_left"], price["share"]) == ("price", 2, 2 / 3)
    assert price["share_low"] == pytest.approx(0.208, abs=0.001)
    assert price["mrr_left"] == 180
    assert price["groups"] == {"promoter": 1, "passive": 0, "detractor": 1, "no_answer": 0}
    assert price["bands"] == {"": 1, "risk": 1}
    assert (unknown["reason"], unknown["customers_left"], unknown["mrr_left"]) == ("", 1, 5)
    assert unknown["groups"]["no_answer"] == 1


@pytest.mark.usefixtures("world")
def test_the_page_shows_them_and_its_spreadsheet_has_them() -> None:
    viewer = client_as("viewer")
    address = "/analytics/retention/?from=2026-04-01&to=2026-06-30"

    page = viewer.get(address).content.decode()

    assert "Why did customers leave?" in page
    assert "price" in page
    assert viewer.get(address + "&format=xlsx").status_code == 200


def test_reasons_that_no_file_told_of_are_unknown() -> None:
    left("2026-05-10", "", {"2026-03": 100})

    assert reasons() is None
    page = client_as("viewer").get("/analytics/retention/").content.decode()
    assert "churn_reason" in page
