from __future__ import annotations

import csv
import io
import json
import re

import pytest
from django.core.management import call_command
from django.test import Client
from python_calamine import CalamineWorkbook

from accounts.models import AuditEvent
from analytics.counting import folding
from analytics.registry import REPORTS
from tests.analytics import world

pytestmark = pytest.mark.django_db

PAGES = [each.path for each in REPORTS]
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


@pytest.mark.parametrize("page", PAGES)
def test_only_who_may_see_segments_gets_in(client: Client, data: None, page: str) -> None:
    assert get(client, page).status_code == 302
    assert get(client, page).headers["Location"].startswith("/accounts/login/")
    for role, status in (("cs", 403), ("admin", 200), ("viewer", 200)):
        client.force_login(world.make_staff(role))
        assert get(client, page).status_code == status
        assert get(client, f"{page}?format=json").status_code == status
    assert client.post(f"/analytics/{page}").status_code == 405


@pytest.mark.parametrize("page", PAGES)
def test_empty_database_has_pages_and_files(viewer: Client, page: str) -> None:
    assert get(viewer, page).status_code == 200
    for kind in ("csv", "xlsx", "json"):
        assert get(viewer, f"{page}?format={kind}").status_code == 200


def test_page_csv_xlsx_json_and_command_agree_to_the_last_digit(viewer: Client, data: None) -> None:
    address = f"segments/?{PERIOD}&by=plan"
    page = get(viewer, address)
    shown = json.loads(get(viewer, f"{address}&format=json").content)
    text = get(viewer, f"{address}&format=csv").content.decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(text)))
    book = CalamineWorkbook.from_filelike(io.BytesIO(get(viewer, f"{address}&format=xlsx").content))
    head, *sheet = book.get_sheet_by_index(0).to_python()
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
            assert cell == ("" if value is None else value), name
            if line is not None:
                assert (json.loads(line[name]) if line[name] else None) == value, name


def test_text_cells_are_never_formulas(viewer: Client, data: None) -> None:
    address = f"segments/?{PERIOD}&by=plan"
    text = get(viewer, f"{address}&format=csv").content.decode("utf-8-sig")
    book = CalamineWorkbook.from_filelike(io.BytesIO(get(viewer, f"{address}&format=xlsx").content))

    assert text.splitlines()[1].startswith("'-tin,")
    assert book.get_sheet_by_index(0).to_python()[1][0] == "'-tin"


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
    customer = world.make_customer(plan="契約", started_on="2026-01-01")
    world.give_scores(customer, world.make_campaign(), *[10] * 10)

    svg = get(viewer, f"segments/?{PERIOD}&by=plan&format=svg").content.decode()

    assert "契約" in svg


def test_rows_sort_by_any_column_with_the_unknown_and_the_small_last(
    viewer: Client, data: None
) -> None:
    def order(sort: str) -> list[str]:
        page = get(viewer, f"segments/?{PERIOD}&by=plan&sort={sort}")
        return [row.label for row in page.context["rows"]]

    assert order("nps") == ["-tin", "gold", "few"]
    assert order("-nps") == ["gold", "-tin", "few"]
    assert order("responses") == ["few", "-tin", "gold"]
    assert order("-segment") == ["gold", "few", "-tin"]
    assert order("nonsense") == order("")


def test_small_group_is_grey_and_says_so(viewer: Client, data: None) -> None:
    page = get(viewer, f"segments/?{PERIOD}&by=plan").content.decode()

    small = re.search(r'<tr class="too-small">\s*<th scope="row">few</th>.*?</tr>', page, re.S)
    assert small is not None
    assert "too few answers" in small[0]


@pytest.mark.parametrize(
    "query",
    [
        "preset=custom",
        "preset=custom&from=2026-05-01&to=2026-04-01",
        "from=yesterday&to=2026-04-01",
        "by=size",
        "where=plan%3Dnone",
        "campaign=none",
    ],
)
def test_bad_filter_is_explained(viewer: Client, data: None, query: str) -> None:
    page = get(viewer, f"segments/?{query}")

    assert page.status_code == 422
    assert page.context["form"].errors
    errors = [text for each in page.context["form"].errors.values() for text in each]
    assert all(str(error) in page.content.decode().replace("&#x27;", "'") for error in errors)


def test_where_of_the_page_narrows_the_answers(viewer: Client, data: None) -> None:
    page = get(viewer, f"segments/?{PERIOD}&by=plan&where=plan%3Dgold")
    both = get(viewer, f"segments/?{PERIOD}&by=plan&where=plan%3Dgold&where=plan%3Dfew")

    assert page.context["report"].total.responses == 12
    assert both.context["report"].total.responses == 13


@pytest.mark.parametrize("page", PAGES)
def test_page_asks_the_database_as_often_for_many_rows_as_for_few(
    viewer: Client, data: None, page: str, django_assert_max_num_queries
) -> None:
    def queries() -> int:
        with django_assert_max_num_queries(90) as found:
            get(viewer, f"{page}?preset=last_24_months")
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


@pytest.mark.parametrize("page", [page for page in PAGES if page])
@pytest.mark.parametrize(
    ("first", "last", "status"),
    [
        ("1900-01-01", "1949-12-31", 200),
        ("2150-01-01", "2199-12-31", 200),
        ("1950-01-01", "2001-12-31", 422),
        ("1899-12-31", "2026-06-30", 422),
        ("2026-04-01", "2200-01-01", 422),
        ("0001-01-01", "9999-12-31", 422),
    ],
)
def test_a_period_that_no_report_can_hold_is_refused(
    viewer: Client, data: None, page: str, first: str, last: str, status: int
) -> None:
    period = f"preset=custom&from={first}&to={last}"

    for compare in ("previous", "year"):
        assert get(viewer, f"{page}?{period}&compare={compare}").status_code == status
