"""No spreadsheet shows a reader what only the code calls so."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterator
from itertools import chain

import pytest
from django.utils import timezone
from pytest_django import DjangoDbBlocker
from python_calamine import CalamineWorkbook

from analytics.counting.cells import folding
from analytics.domain.periods import add_months
from analytics.registry import REPORTS
from tests.actions.goals import make_target
from tests.analytics import world
from tests.shared import shared_rows
from tests.staffing import client_as

pytestmark = pytest.mark.django_db

# What the tests' own rows hold, months, and words that are the same in every language.
OURS = re.compile(r"c\d+|p\d+@example\.com|Gold|Silver|Tin|Acme \d+|\d{4}-\d{2}( \d{4}-\d{2})*")
SAME = {"NPS", "CSAT", "MRR", "GRR", "NRR", "AUC", "–", "Koe Demo"}
# Words that begin with no capital letter, but words.
WORDS = {"yes", "no", "today", "points", "days", "hours", "amount"}
CODE = re.compile(r"[a-z0-9]+([_-][a-z0-9]+)*")


@pytest.fixture(scope="module", autouse=True)
def _all_of_it(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Rows for every table of every report: some answered, some did not, some left."""
    with shared_rows(django_db_blocker):
        make_all_of_it()
        yield


def make_all_of_it() -> None:
    world.make_dimension("plan", label="Plan", labels={"ja": "プラン"})
    world.make_dimension("language", source="respondent")
    make_target("nps", 10)
    make_target("csat", 0.5)
    today = timezone.localdate()
    asked = today - dt.timedelta(days=300)
    campaign = world.satisfaction_campaign()
    for place in range(90):
        left = place % 9 < 3 and place < 60
        customer = world.make_customer(
            name=f"Acme {place}",
            plan=("Gold", "Silver", "Tin")[place % 3],
            started_on=today - dt.timedelta(days=800 + place),
            churned_on=asked + dt.timedelta(days=90) if left else None,
            mrr={f"{day:%Y-%m}": 100 + place for day in months_back(today, left)},
        )
        sent = f"{asked}T12:00+00:00"
        invitation = world.ask(world.make_respondent(customer), campaign, sent=sent)
        if place < 80:
            score = (10, 7, 0)[place % 3]
            world.answer(invitation, score, at=sent, extra={"support": 1 + place % 5})
    folding.fold_all()


def months_back(today: dt.date, left: bool) -> list[dt.date]:
    first = 14 if left else 1
    return [add_months(today.replace(day=1), months=-back) for back in range(first, 26)]


def texts_of(book: CalamineWorkbook) -> dict[str, list[tuple[str, str]]]:
    """By sheet: the head of the column, and each text below it."""
    found: dict[str, list[tuple[str, str]]] = {}
    for name in book.sheet_names:
        head, *rows = book.get_sheet_by_name(name).to_python()
        found[name] = [
            (str(title), cell)
            for row in rows
            for title, cell in zip(head, row, strict=True)
            if isinstance(cell, str) and cell
        ]
    return found


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("name", [each.name for each in REPORTS])
def test_no_sheet_of_any_report_holds_a_code(name: str, language: str) -> None:
    viewer = client_as("viewer", language=language)
    (path,) = (each.path for each in REPORTS if each.name == name)
    queries = ["", "by=plan&and_by=language", "by=language&as_of=now", "step=quarter"]
    for query in queries:
        data = viewer.get(f"/analytics/{path}?{query}&format=xlsx").content
        sheets = texts_of(CalamineWorkbook.from_filelike(io.BytesIO(data)))
        *_tables, _about, definitions = sheets
        # The last column of the last sheet is there to say what CSV and JSON call it.
        sheets[definitions] = [each for each in sheets[definitions] if "JSON" not in each[0]]
        words = [*((sheet, sheet) for sheet in sheets), *chain.from_iterable(sheets.values())]
        ours = [each for each in words if not (OURS.fullmatch(each[1]) or each[1] in SAME | WORDS)]
        assert len(ours) > 20
        assert [each for each in ours if CODE.fullmatch(each[1])] == []
        if language == "ja":
            assert [each for each in ours if each[1].isascii()] == []


def test_the_walk_meets_every_table_and_every_column_of_codes() -> None:
    """Else it would find no code where there is no row."""
    viewer = client_as("viewer")
    met: set[str] = set()
    for report in REPORTS:
        data = viewer.get(f"/analytics/{report.path}?by=plan&format=xlsx").content
        sheets = texts_of(CalamineWorkbook.from_filelike(io.BytesIO(data)))
        met |= {f"{sheet}: {head}" for sheet, texts in sheets.items() for head, _ in texts}

    assert {"Overview: State of the target", "CSAT: State of the target", "CSAT: Unit"} <= met
    assert {"Still customers by day: Group", "MRR at risk: Group", "Outcomes: Group"} <= met
    assert {"By category of NPS: Group", "Overview: Figure", "Cohorts of MRR: Cohort"} <= met
