from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from accounts.domain.imports.file_columns import FileKind
from accounts.models import AuditEvent, MonthlyRevenue
from accounts.queries.exports import EXPORTS
from tests.accounts.importing import Files, counts
from tests.staffing import client_as
from tests.world import NOW, make_customer, make_respondent

pytestmark = pytest.mark.django_db


def test_what_a_button_gives_comes_in_again_and_changes_nothing(files: Files) -> None:
    make_respondent(customer=make_customer(name="=1+1", attributes={"plan": "'x"}), name="-x")
    MonthlyRevenue.objects.create(
        customer=make_customer(), month="2026-01-01", mrr="29.85", currency="JPY"
    )

    client = client_as("cs")
    for kind in EXPORTS:
        text = client.get(f"/imports/exports/{kind}.csv").getvalue().decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text, newline="")))
        number = len(rows) - 1
        assert counts(files.bring_in(kind, rows, now=NOW)) == (number, 0, 0, number, 0)

    assert AuditEvent.objects.filter(action__endswith=".export").count() == len(EXPORTS)


def test_a_workbook_comes_in_again_and_changes_nothing(tmp_path: Path, files: Files) -> None:
    head = ["customer_id", "name", "started_on", "seats", "plan"]
    files.bring_in(FileKind.CUSTOMERS, [head, ["00101", "=1+1", "2026-04-01", "3", "007"]])
    path = tmp_path / "out.xlsx"
    path.write_bytes(client_as("cs").get("/imports/exports/customers.xlsx").getvalue())

    assert counts(files.bring_in_file(FileKind.CUSTOMERS, path, now=NOW)) == (1, 0, 0, 1, 0)


def test_of_some_kinds_there_is_no_file() -> None:
    assert client_as("cs").get("/imports/exports/rates.csv").status_code == 404


def test_the_page_of_imports_offers_each() -> None:
    html = client_as("cs").get("/imports/").content.decode()

    assert all(f"/imports/exports/{kind}.xlsx" in html for kind in EXPORTS)
    assert "/responses/export.csv?for=koe" in html
