"""Files of reports: their names, their kinds and who took them."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import AuditEvent
from tests.analytics import world

pytestmark = pytest.mark.django_db
PERIOD = "from=2026-04-01&to=2026-06-30"


def test_export_is_written_to_the_audit_log(viewer: Client, three_plans: None) -> None:
    viewer.get(f"/analytics/segments/?{PERIOD}&format=csv")

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
def test_charts_download_as_svg_and_png(
    viewer: Client, three_plans: None, page: str, chart: str
) -> None:
    address = f"{page}?{PERIOD}&chart={chart}"
    svg, png = (viewer.get(f"/analytics/{address}&format={kind}") for kind in ("svg", "png"))

    assert svg.content.startswith(b"<svg")
    assert png.content.startswith(b"\x89PNG")
    assert viewer.get(f"/analytics/{page}?format=svg&chart=none").status_code == 404
    assert viewer.get(f"/analytics/{page}?format=exe").status_code == 404


def test_japanese_words_of_a_chart_are_drawn(viewer: Client) -> None:
    world.make_dimension("plan")
    customer = {"plan": "契約", "started_on": "2026-01-01"}
    world.give_scores_apart(world.make_campaign(), *[10] * 10, customer=customer)

    svg = viewer.get(f"/analytics/segments/?{PERIOD}&by=plan&format=svg").content.decode()

    assert "契約" in svg
