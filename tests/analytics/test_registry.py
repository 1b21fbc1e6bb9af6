"""A report is registered once, and has page, tab and every file; the recipe says how."""

from __future__ import annotations

import copy
import csv
import datetime as dt
import io
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import altair as alt
import pandas as pd
import pytest
from django.conf import settings as project
from django.test import Client
from django.urls import include, path
from python_calamine import CalamineWorkbook

from analytics import registry
from analytics.charts.drawing import Chart, Spec, finished
from analytics.domain.periods import Period
from analytics.reports.report import Count, Percent, Table, columns_of, dated, values_of
from analytics.urls import report_paths
from analytics.views.forms.period import PeriodForm
from analytics.views.report_view import ReportView
from config.urls import urlpatterns as project_urls
from tests.staffing import client_as

RECIPE = Path(project.BASE_DIR) / "docs/recipes/add-a-report.md"
TEMPLATE = """{% extends "analytics/base.html" %}
{% block content %}{% include "components/_filter_bar.html" %}
{% if report %}{{ remark }}
{% include "components/_chart.html" with chart=charts.the_rate %}
{% endif %}{% endblock %}"""


@dataclass(frozen=True, slots=True)
class TinyRow:
    customers: Count
    rate: Percent


COLUMNS = columns_of(TinyRow)


@dataclass(frozen=True, slots=True)
class TinyReport:
    name: ClassVar[str] = "tiny"

    period: Period
    rows: tuple[TinyRow, ...]

    @property
    def file_name(self) -> str:
        return dated(self.name, self.period)

    def charts(self, *, today: dt.date) -> Sequence[Chart]:
        return [
            Chart("the-rate", "How large is it?", draw=partial(draw, self.rows), alt=lambda: "Half")
        ]

    def tables(self) -> Sequence[Table]:
        return [Table(self.name, COLUMNS, [values_of(row, COLUMNS) for row in self.rows])]

    def as_dict(self) -> dict[str, Any]:
        return {"rows": [asdict(row) for row in self.rows]}


def draw(rows: Sequence[TinyRow]) -> Spec:
    points = alt.Chart(pd.DataFrame([asdict(row) for row in rows])).mark_point()
    return finished(points.encode(x="customers:Q", y="rate:Q"), height=100)


class TinyView(ReportView[TinyReport]):
    name = TinyReport.name
    form: PeriodForm

    def get_form(self) -> PeriodForm:
        return PeriodForm(self.request.GET, today=self.today)

    def get_report(self) -> TinyReport:
        return TinyReport(self.form.period, (TinyRow(4, 0.5),))

    def get_details(self, report: TinyReport) -> dict[str, Any]:
        return {"remark": "Only a test."}


view = TinyView.as_view()

TINY = registry.Registered("tiny", "Tiny", view=f"{__name__}.view", path="tiny/")
REPORTS = [*registry.REPORTS, TINY]
urlpatterns = [
    path("analytics/", include((report_paths(REPORTS), "analytics"))),
    *project_urls,
]
PERIOD = "from=2026-04-01&to=2026-06-30"


@pytest.fixture
def viewer(db: None, settings, tmp_path: Path, monkeypatch) -> Client:
    monkeypatch.setattr(registry, "REPORTS", REPORTS)
    (tmp_path / "analytics").mkdir()
    (tmp_path / "analytics" / "tiny.html").write_text(TEMPLATE)
    templates = copy.deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"] = [*templates[0]["DIRS"], tmp_path]
    settings.TEMPLATES = templates
    settings.ROOT_URLCONF = __name__
    return client_as("viewer")


def test_a_registered_report_has_a_page_with_its_chart_and_a_tab(viewer: Client) -> None:
    page = viewer.get(f"/analytics/tiny/?{PERIOD}").content.decode()

    assert "Only a test." in page
    assert 'data-alt="Half"' in page
    assert "How large is it?" in page
    assert '<a href="/analytics/tiny/"' in viewer.get("/analytics/").content.decode()


def test_a_registered_report_has_all_files(viewer: Client) -> None:
    csv_, xlsx, json_, svg, png = (
        viewer.get(f"/analytics/tiny/?{PERIOD}&format={kind}")
        for kind in ("csv", "xlsx", "json", "svg", "png")
    )

    rows = list(csv.reader(io.StringIO(csv_.content.decode("utf-8-sig"))))
    assert rows == [["customers", "rate"], ["4", "0.5"]]
    book = CalamineWorkbook.from_filelike(io.BytesIO(xlsx.content))
    # `rate` is no column of ours: it has no word.
    assert book.get_sheet_by_name("tiny").to_python() == [["Customers", "rate"], [4.0, 0.5]]
    assert json_.json() == {"rows": [{"customers": 4, "rate": 0.5}]}
    assert "How large is it?" in svg.content.decode()
    assert png.content.startswith(b"\x89PNG")
    assert "tiny-2026-04-01-2026-06-30-the-rate.svg" in svg.headers["Content-Disposition"]


def test_a_bad_period_is_refused_without_a_line_of_its_own(viewer: Client) -> None:
    assert viewer.get("/analytics/tiny/?from=2026-05-01&to=2026-04-01").status_code == 422
    assert viewer.get(f"/analytics/tiny/?{PERIOD}&format=exe").status_code == 404
    assert viewer.post("/analytics/tiny/").status_code == 405


def files_of_the_recipe() -> list[str]:
    return re.findall(r"^\| `([^`]+)` \|", RECIPE.read_text(), re.M)


@pytest.mark.parametrize("name", ["outcomes", "retention"])
def test_the_recipe_lists_the_files_that_a_report_has(name: str) -> None:
    paths = [each.replace("<name>", name) for each in files_of_the_recipe()]

    assert len(paths) <= 11
    assert [each for each in paths if not (Path(project.BASE_DIR) / each).exists()] == []
