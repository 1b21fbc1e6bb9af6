"""The overview as files."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone
from python_calamine import CalamineWorkbook

from accounts.domain.targets import Metric
from analytics.domain.statistics.interval import Interval
from analytics.domain.verdicts import Verdict
from analytics.reports.overview.figures import Figure
from analytics.reports.overview.report import figure_verdict
from tests.actions.goals import make_target
from tests.analytics import world

pytestmark = pytest.mark.django_db


def lately(*scores: int, **fields: object) -> None:
    moment = (timezone.now() - dt.timedelta(days=40)).isoformat()
    campaign = world.make_campaign()
    world.give_scores_apart(campaign, *scores, customer=fields, sent=moment, at=moment)


def test_the_file_has_the_figures_and_the_sentences_of_the_page(viewer: Client) -> None:
    lately(*[10] * 26, *[7] * 3, 0)
    before = (timezone.now() - dt.timedelta(days=400)).isoformat()
    campaign = world.make_campaign()
    world.give_scores_apart(campaign, *[0] * 20, sent=before, at=before)
    make_target("nps", 50)

    page = viewer.get("/analytics/")
    shown = viewer.get("/analytics/?format=json").json()
    table = viewer.get("/analytics/?format=csv").content.decode("utf-8-sig").splitlines()
    book = CalamineWorkbook.from_filelike(io.BytesIO(viewer.get("/analytics/?format=xlsx").content))

    total = page.context["total"]
    # No revenue was imported.
    fields = ["period", "confidence", "unknown", "figures", "findings", "trend"]
    assert list(shown) == fields
    assert shown["figures"][0] == {
        "figure": "nps", "value": total.nps, "low": total.nps_low, "high": total.nps_high,
        "target": 50.0, "verdict": "met",
    }  # fmt: skip
    assert [each["figure"] for each in shown["figures"]] == [
        "nps", "response_rate", "customer_churn_rate", "nrr", "grr",
    ]  # fmt: skip
    assert [each["sentence"] for each in shown["findings"]] == [
        text for text, _ in page.context["sentences"]
    ]
    assert shown["findings"][0]["p_value"] == total.change_p_value
    assert table[0] == "figure,value,low,high,target,verdict,p_value,sentence"
    assert table[1] == f"nps,{total.nps!r},{total.nps_low!r},{total.nps_high!r},50.0,met,,"
    assert table[6].startswith("nps_rose,")
    assert book.sheet_names == ["Overview", "Trend", "About this file", "Definitions"]


@pytest.mark.parametrize(
    ("target", "coming_in", "verdict"),
    [
        ("0.5", False, Verdict.NOT_MET),
        ("0.5", True, Verdict.CANNOT_TELL),
        ("0.1", True, Verdict.MET),
    ],
)
def test_what_is_still_coming_in_has_missed_no_target(
    target: str, coming_in: bool, verdict: Verdict
) -> None:
    rate = Figure(Metric.RESPONSE_RATE, 0.2, Interval(0.1, 0.3), (), still_coming_in=coming_in)

    assert figure_verdict(rate, target=Decimal(target)) is verdict
