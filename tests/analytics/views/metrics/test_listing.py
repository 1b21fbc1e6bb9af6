from __future__ import annotations

import datetime as dt
import io
import re
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from accounts.models import MetricSettings
from analytics.domain.metrics.catalogue import CATALOGUE
from analytics.reports.metrics.report import metric_report
from analytics.views.metrics import listing as view
from tests.actions.goals import make_target
from tests.analytics import world
from tests.analytics.management.commanding import run
from tests.analytics.metrics import happened, told
from tests.staffing import client_as

pytestmark = pytest.mark.django_db

PERIOD = "from=2026-04-01&to=2026-06-30"
PAGE = f"/analytics/metrics/?{PERIOD}"


@pytest.fixture
def customers() -> list[Any]:
    """Twelve, of whom four referred somebody."""
    world.make_dimension("plan")
    found = [
        world.make_customer(
            started_on=dt.date(2025, 1, 1), plan="gold", mrr={"2026-03": 100, "2026-06": 90}
        )
        for _ in range(12)
    ]
    for customer in found[:4]:
        happened(customer, "referred", "2026-05-05")
    happened(found[5], "referred", "2025-02-01")
    told("events:referred")
    return found


def line(page: str, key: str) -> str:
    """What the row of a metric says."""
    begins = rf'<tr[^>]*>\s*<th scope="row"><a href="/analytics/metrics/{key}/'
    [row] = re.findall(rf"{begins}.*?</tr>", page, re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", row).split())


def test_every_metric_has_its_line_with_value_count_and_target(customers: list[Any]) -> None:
    make_target("referral_rate", "0.9")

    page = client_as("viewer").get(PAGE).content.decode()

    keys = re.findall(r'<th scope="row"><a href="/analytics/metrics/(\w+)/', page)
    assert sorted(keys) == sorted(each.key for each in CATALOGUE)
    shown = line(page, "referral_rate")
    assert "33.3 %" in shown
    assert "4 of 12" in shown
    assert "Target not met at least 90.0 %" in shown
    assert "rose +2.2 to +60.9, p 0.049" in shown
    assert page.count('class="whisker"') >= 3


def test_a_part_of_the_customers_is_held_against_no_target(customers: list[Any]) -> None:
    make_target("referral_rate", "0.9")
    said = "The targets are those of all customers together"
    reader = client_as("cs")
    customers[0].owner_email = "cs@koe.example"
    customers[0].save()

    assert said not in reader.get(PAGE).content.decode()
    part = reader.get(f"{PAGE}&mine=1").content.decode()

    assert said in part
    assert "Target not met" not in part


def test_a_campaign_narrows_what_rests_on_answers_alone(customers: list[Any]) -> None:
    for key in ("referral_rate", "feedback_rate"):
        make_target(key, "0.9")
    launched = {"launched_at": "2026-04-10T00:00+00:00"}
    spring, other = (world.make_campaign(slug=each, **launched) for each in ("spring", "other"))
    world.give_scores(customers[0], spring, 9)
    world.give_scores(customers[1], other, 2)

    page = client_as("viewer").get(f"{PAGE}&campaign=spring").content.decode()

    assert "1 of 12" in line(page, "feedback_rate")
    assert "+100" in line(page, "nps")
    assert "narrow only what rests on answers (NPS, Response rate, CSAT" in page
    # The target is one for all answers, and for all customers.
    assert "Target" not in line(page, "feedback_rate")
    assert "Target not met" in line(page, "referral_rate")


def test_of_many_customers_the_page_is_there_before_its_figures(
    customers: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view, "MANY_CUSTOMERS", len(customers) - 1)
    viewer = client_as("viewer")
    asked = {"HTTP_HX_REQUEST": "true"}

    first = viewer.get(PAGE).content.decode()
    assert "Calculating…" in first
    assert "/analytics/metrics/nps/" not in first
    assert f'hx-get="{PAGE}"'.replace("&", "&amp;") in first
    assert f"{PERIOD}&figures=1".replace("&", "&amp;") in first
    # A browser asks for them; from then on they are kept for everybody.
    assert "4 of 12" in line(viewer.get(PAGE, **asked).content.decode(), "referral_rate")
    assert "4 of 12" in line(viewer.get(PAGE).content.decode(), "referral_rate")
    other = f"{PAGE}&compare="
    assert "Calculating…" in viewer.get(other).content.decode()
    assert "4 of 12" in line(viewer.get(f"{other}&figures=1").content.decode(), "referral_rate")
    assert viewer.get(f"{PAGE}&compare=year&format=json").json()["rows"]


def test_the_months_come_when_the_page_is_there(customers: list[Any]) -> None:
    viewer = client_as("viewer")

    assert 'class="sparkline"' not in viewer.get(PAGE).content.decode()
    months = viewer.get(f"{PAGE}&months=1").content.decode()

    assert 'class="sparkline"' in months
    assert 'hx-trigger="load"' not in months
    assert f'href="/analytics/metrics/nrr/?{PERIOD}"'.replace("&", "&amp;") in months


def test_what_lacks_its_facts_says_which_file_brings_them(customers: list[Any]) -> None:
    viewer, admin = (client_as(role).get(PAGE).content.decode() for role in ("viewer", "admin"))

    text = "import events:trained with import_events"
    assert text in line(viewer, "education_rate")
    assert "Import data" not in line(viewer, "education_rate")
    assert "Import data" in line(admin, "education_rate")


def test_figures_that_are_kept_speak_the_readers_language_and_know_what_was_chosen(
    customers: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = []
    monkeypatch.setattr(
        view,
        "metric_report",
        lambda *args, **rest: counted.append(1) or metric_report(*args, **rest),
    )
    client_as("cs", language="ja").get(PAGE)
    english = client_as("viewer", language="en")

    assert "import events:trained" in line(english.get(PAGE).content.decode(), "education_rate")
    english.get(PAGE)
    assert len(counted) == 2
    MetricSettings.objects.create(pk=1, margin="0.5")
    english.get(PAGE)
    assert len(counted) == 3


def test_the_files_are_the_rows_of_the_command(customers: list[Any]) -> None:
    viewer = client_as("viewer")
    asked = ("--from", "2026-04-01", "--to", "2026-06-30", "--compare", "previous")

    def told_by(kind: str) -> str:
        return run("report_metrics", *asked, "--format", kind).strip().replace("\r\n", "\n")

    def given(kind: str) -> str:
        text = viewer.get(f"{PAGE}&format={kind}").content.decode("utf-8-sig")
        return text.strip().replace("\r\n", "\n")

    assert given("csv") == told_by("csv")
    assert given("json") == told_by("json")
    book = CalamineWorkbook.from_filelike(io.BytesIO(viewer.get(f"{PAGE}&format=xlsx").content))
    head, first, *_ = book.get_sheet_by_name("Metrics").to_python()
    assert (head[0], first[0]) == ("Figure", "NPS")
    terms = {row[2]: row[:2] for row in book.get_sheet_by_name("Definitions").to_python()}
    assert terms["referral_rate"][0] == "Referral rate"
    assert terms["value"][0] == "Value"


def test_a_filter_by_an_attribute_of_respondents_says_what_it_leaves_unknown(
    customers: list[Any],
) -> None:
    world.make_dimension("role", source="respondent")
    campaign = world.make_campaign()
    world.give_scores(customers[0], campaign, 10, role="user")

    page = client_as("viewer").get(f"{PAGE}&where=role%3Duser").content.decode()

    assert "customers have none of the attributes of respondents" in page
    assert "33.3" not in line(page, "referral_rate")
