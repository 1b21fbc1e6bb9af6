from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from python_calamine import CalamineWorkbook

from analytics.counting.cells import folding
from analytics.registry import REPORTS
from tests.analytics import world
from tests.staffing import make_staff

pytestmark = pytest.mark.django_db

PAGES = [each.path for each in REPORTS]
# Health is of one day.
WITHOUT_PERIOD = {"health/"}
PERIOD = "from=2026-04-01&to=2026-06-30"


@pytest.mark.parametrize("page", PAGES)
def test_staff_of_every_role_gets_in_and_nobody_else(
    client: Client, three_plans: None, page: str
) -> None:
    assert client.get(f"/analytics/{page}").status_code == 302
    assert client.get(f"/analytics/{page}").headers["Location"].startswith("/accounts/login/")
    for role, status in (("cs", 200), ("admin", 200), ("viewer", 200)):
        client.force_login(make_staff(role))
        assert client.get(f"/analytics/{page}?format=json").status_code == status
    assert client.get(f"/analytics/{page}").status_code == status
    assert client.post(f"/analytics/{page}").status_code == 405


@pytest.mark.parametrize("page", PAGES)
def test_empty_database_has_pages_and_files(viewer: Client, page: str) -> None:
    assert viewer.get(f"/analytics/{page}").status_code == 200
    for kind in ("csv", "xlsx", "json"):
        assert viewer.get(f"/analytics/{page}?format={kind}").status_code == 200


def as_read(value: Any) -> Any:
    """As a cell of a spreadsheet says it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else value


def test_page_csv_xlsx_json_and_command_agree_to_the_last_digit(
    viewer: Client, three_plans: None
) -> None:
    address = f"segments/?{PERIOD}&by=plan"
    page = viewer.get(f"/analytics/{address}")
    shown = json.loads(viewer.get(f"/analytics/{address}&format=json").content)
    text = viewer.get(f"/analytics/{address}&format=csv").content.decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(text)))
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(viewer.get(f"/analytics/{address}&format=xlsx").content)
    )
    words, *sheet = book.get_sheet_by_index(0).to_python()
    definitions = book.get_sheet_by_name("Definitions").to_python()
    contract = {label: name for label, _, name in definitions}
    head = [contract.get(word, word) for word in words]
    assert head[1:] == list(lines[0])[1:]
    out = io.StringIO()
    call_command(
        "report_segments", "--by", "plan", "--from", "2026-04-01", "--to", "2026-06-30",
        "--compare", "previous", stdout=out,
    )  # fmt: skip

    assert json.loads(out.getvalue()) == shown == page.context["report"].as_dict()
    assert len(lines) == len(shown["rows"]) == 3
    assert len(sheet) == 4
    for row, line, cells_ in zip(
        [*shown["rows"], shown["total"]], [*lines, None], sheet, strict=True
    ):
        for name, cell in zip(head[1:], cells_[1:], strict=True):
            value = row[name]
            assert cell == as_read(value), name
            if line is not None:
                assert (json.loads(line[name]) if line[name] else None) == value, name


def test_text_cells_are_never_formulas(viewer: Client, three_plans: None) -> None:
    address = f"segments/?{PERIOD}&by=plan"
    text = viewer.get(f"/analytics/{address}&format=csv").content.decode("utf-8-sig")
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(viewer.get(f"/analytics/{address}&format=xlsx").content)
    )

    assert text.splitlines()[1].startswith("'-tin,")
    assert book.get_sheet_by_index(0).to_python()[1][0] == "'-tin"


@pytest.mark.parametrize("page", PAGES)
def test_page_asks_the_database_as_often_for_many_rows_as_for_few(
    viewer: Client, three_plans: None, page: str, django_assert_max_num_queries
) -> None:
    def queries() -> int:
        with django_assert_max_num_queries(100) as found:
            viewer.get(f"/analytics/{page}?preset=last_24_months")
        return len(found)

    queries()
    before = queries()
    campaign = world.make_campaign()
    for number in range(20):
        customer = world.make_customer(plan=f"plan {number}", started_on="2026-01-01")
        world.give_scores(customer, campaign, 0, 10)
    folding.fold_all()
    queries()

    assert queries() == before


@pytest.mark.parametrize(
    ("first", "last", "status"),
    [
        ("1900-01-01", "1949-12-31", 200),
        ("2199-01-01", "2199-12-31", 200),
        ("1950-01-01", "2001-12-31", 422),
        ("1899-12-31", "2026-06-30", 422),
        ("2026-04-01", "2200-01-01", 422),
        ("0001-01-01", "9999-12-31", 422),
    ],
)
def test_a_period_that_no_report_can_hold_is_refused(
    viewer: Client, three_plans: None, first: str, last: str, status: int
) -> None:
    period = f"preset=custom&from={first}&to={last}"
    pages = [page for page in PAGES if page and page not in WITHOUT_PERIOD]

    for page in pages:
        address = f"/analytics/{page}?{period}&compare=previous"
        assert viewer.get(address).status_code == status, address
