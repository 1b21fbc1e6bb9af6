"""Files of reports: their names, their kinds and who took them."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import AuditEvent
from analytics.counting import folding
from tests.analytics import world

pytestmark = pytest.mark.django_db
PERIOD = "from=2026-04-01&to=2026-06-30"


@pytest.fixture
def data() -> None:
    world.make_dimension("plan", label="Plan")
    world.make_dimension("role", source="respondent")
    campaign = world.make_campaign(slug="spring")
    for plan, scores in (("gold", [10] * 11 + [0]), ("-tin", [0] * 10 + [10]), ("few", [8])):
        customer = world.make_customer(
            plan=plan, name=plan, started_on="2026-01-01", mrr={"2026-03": 90, "2026-06": 80}
        )
        world.give_scores(customer, campaign, *scores, role="Buyer")
    folding.fold_all()


@pytest.fixture
def viewer(client: Client) -> Client:
    client.force_login(world.make_staff("viewer"))
    return client


def get(client: Client, page: str):
    return client.get(f"/analytics/{page}")


def test_export_is_written_to_the_audit_log(viewer: Client, data: None) -> None:
    get(viewer, f"segments/?{PERIOD}&format=csv")

    event = AuditEvent.objects.get()
    assert (event.action, event.detail) == ("report.export", {"format": "csv"})
    assert event.target == "segments-2026-04-01-2026-06-30"


@pytest.mark.parametrize(
    ("page", "chart"),
    [
        ("segments/", "nps-and-churn"),
        ("trend/", "nps"),
        ("trend/", "response-rate"),
        ("outcomes/", "survival"),
        ("retention/", "customers"),
        ("retention/", "revenue"),
        ("retention/", "movements"),
    ],
)
def test_charts_download_as_svg_and_png(viewer: Client, data: None, page: str, chart: str) -> None:
    address = f"{page}?{PERIOD}&chart={chart}"
    svg, png = (get(viewer, f"{address}&format={kind}") for kind in ("svg", "png"))

    assert svg.content.startswith(b"<svg")
    assert png.content.startswith(b"\x89PNG")
    assert get(viewer, f"{page}?format=svg&chart=none").status_code == 404
    assert get(viewer, f"{page}?format=exe").status_code == 404


def test_japanese_words_of_a_chart_are_drawn(viewer: Client) -> None:
    world.make_dimension("plan")
    customer = {"plan": "契約", "started_on": "2026-01-01"}
    world.give_scores_apart(world.make_campaign(), *[10] * 10, customer=customer)

    svg = get(viewer, f"segments/?{PERIOD}&by=plan&format=svg").content.decode()

    assert "契約" in svg
