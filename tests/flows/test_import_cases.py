"""Files as they were met, each with its right answer; `import_cases` holds them byte for byte."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from accounts.domain.imports.file_columns import FileKind
from accounts.models import Customer, Respondent
from accounts.services.imports.running import Options, Tally, import_file
from tests.accounts.importing import NOW, Notes

pytestmark = pytest.mark.django_db
CASES = Path(__file__).with_name("import_cases")


def bring_in(kind: str, name: str, *, skip: bool = False) -> tuple[Tally, list[str]]:
    notes = Notes()
    options = Options(skip_bad_rows=skip)
    tally = import_file(CASES / name, kind=FileKind(kind), options=options, now=NOW, listener=notes)
    return tally, notes.errors


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("01_customers.csv", ["C1", "C2"]),
        ("01_title_row.csv", ["C1"]),
        ("01_cr_only.csv", ["C1"]),
        ("01_tab_names_with_commas.csv", ["C1"]),
        ("10_customers.csv", ["C1", "C2"]),
        ("10_header_twice.csv", ["C1", "C2"]),
        ("10_trailing_comma.csv", ["C1", "C2"]),
        ("08_customers.csv", ["C1"]),
    ],
)
def test_rows_are_found_between_what_is_none(name: str, read: list[str]) -> None:
    tally, errors = bring_in("customers", name)

    assert (tally.complete, errors) == (True, [])
    assert list(Customer.objects.order_by("customer_id").values_list("customer_id", flat=True)) == (
        read
    )


def test_visible_sheet_is_read_and_the_others_are_told() -> None:
    tally, _ = bring_in("customers", "03_hidden_old_list_first.xlsx")

    assert not Customer.objects.filter(customer_id="C9").exists()
    assert (tally.told.sheet, tally.told.hidden_sheets) == ("customers", ["old"])
    assert bring_in("customers", "03_two_sheets.xlsx")[0].told.other_sheets == ["SMB"]


def test_cells_in_error_empty_nothing() -> None:
    bring_in("customers", "04_customers.csv")
    bring_in("respondents", "04_respondents.csv")
    before = list(Customer.objects.values("customer_id", "started_on", "attributes"))

    for kind, name, wrong in [
        ("customers", "04_lookups.xlsx", 3),
        ("customers", "04_customers_na.csv", 2),
        ("respondents", "04_respondents_lookup.xlsx", 1),
    ]:
        tally, errors = bring_in(kind, name)
        assert (tally.bad, tally.refused) == (wrong, True)
        assert all("holds an error instead of a value" in error for error in errors)
    assert list(Customer.objects.values("customer_id", "started_on", "attributes")) == before
    assert Respondent.objects.get().name == "山田 太郎"


def test_days_as_spreadsheets_write_them_are_one_day() -> None:
    tally, errors = bring_in("customers", "06_customers.csv", skip=True)

    days = set(Customer.objects.values_list("started_on", flat=True))
    assert (days, tally.created) == ({dt.date(2026, 4, 1)}, 12)
    assert [error.split(":")[0] for error in errors] == ["line 11", "line 14", "line 15"]


def test_ids_that_went_through_a_spreadsheet_make_no_second_customer() -> None:
    bring_in("customers", "07_customers.csv")

    for name, is_fine in [
        ("07_customers_numbers.xlsx", False),
        ("07_customers_scientific.csv", False),
        ("07_customers_forced_text.csv", True),
        ("07_customers_apostrophe.csv", True),
    ]:
        assert bring_in("customers", name)[0].complete is is_fine
    assert Customer.objects.count() == 4
    errors = bring_in("respondents", "07_respondents_numbers.xlsx")[1]
    assert "no customer 101, but '00101'" in errors[0]


def test_two_forms_of_an_id_in_one_file_are_one_customer_too_many(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text("customer_id\n00101\n101\n", encoding="utf-8")

    tally, errors = bring_in("customers", str(path))

    assert (tally.bad, Customer.objects.count()) == (1, 0)
    assert "'101' differs from the customer '00101' by leading zeros only" in errors[0]


def test_japanese_headers_and_address_books_are_read() -> None:
    bring_in("customers", "08_customers.csv")
    bring_in("respondents", "08_respondents.csv")
    assert Respondent.objects.values_list("email", "role", "language").get() == (
        "taro@a.example", "部長", "ja",
    )  # fmt: skip
    bring_in("respondents", "12_respondents.csv", skip=True)
    found = set(Respondent.objects.values_list("email", flat=True))
    assert {"taro2@a.example", "a5@a.example", "b1@a.example", "b2@a.example"} <= found


def test_row_of_totals_and_short_row_are_refused_by_name() -> None:
    bring_in("customers", "10_customers.csv")

    assert "looks like a row of totals" in bring_in("revenue", "10_total_row.csv")[1][0]
    assert "the row has 2 cells" in bring_in("customers", "10_short_rows.csv")[1][0]
