"""Customers, respondents and revenue: idempotent, all or nothing, one person per mailbox."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.domain.imports.cells.values import MAX_PRODUCT, MAX_TEXT
from accounts.domain.imports.file_columns import FileKind
from accounts.models import AuditEvent, Customer, Dimension, Respondent
from accounts.services.imports.running import BATCH
from tests.accounts.importing import NOW, Files, counts

CUSTOMERS, RESPONDENTS, REVENUE = FileKind.CUSTOMERS, FileKind.RESPONDENTS, FileKind.REVENUE
pytestmark = pytest.mark.django_db


def test_one_bad_row_stops_the_whole_file(files: Files) -> None:
    rows: list[list[Any]] = [["customer_id", "started_on"]]
    rows += [[f"C{number}", "2026-01-01"] for number in range(BATCH + 5)]
    rows.append(["C-last", "1.2.2026"])

    tally = files.bring_in(CUSTOMERS, rows)

    assert counts(tally) == (BATCH + 6, 0, 0, 0, 1)
    assert Customer.objects.count() == 0
    assert Dimension.objects.count() == 0
    assert AuditEvent.objects.count() == 0
    assert files.errors == [
        f"line {BATCH + 7}: started_on: '1.2.2026' can be read in two ways; "
        "write the year first, such as 2026-10-31"
    ]


def test_skip_bad_rows_brings_the_good_ones_in(files: Files) -> None:
    rows = [["customer_id", "started_on"], ["C1", "2026-01-01"], ["C2", "soon"], ["C3", ""]]

    tally = files.bring_in(CUSTOMERS, rows, skip_bad_rows=True)

    assert counts(tally) == (3, 2, 0, 0, 1)
    assert not tally.complete
    assert list(Customer.objects.values_list("customer_id", flat=True)) == ["C1", "C3"]


def test_dry_run_counts_and_writes_nothing(files: Files) -> None:
    files.bring_in(CUSTOMERS, [["customer_id", "name"], ["C1", "One"], ["C2", "Two"]])
    before = list(Customer.objects.values()), AuditEvent.objects.count()
    rows = [["customer_id", "name", "plan"], ["C1", "New", ""], ["C2", "Two", ""], ["C3", "", "a"]]

    tally = files.bring_in(CUSTOMERS, rows, dry_run=True)

    assert counts(tally) == (3, 1, 1, 1, 0)
    assert (list(Customer.objects.values()), AuditEvent.objects.count()) == before
    assert Dimension.objects.count() == 0


def test_missing_column_is_named_on_line_1(files: Files) -> None:
    tally = files.bring_in(CUSTOMERS, [["name"], ["One"]], skip_bad_rows=True)

    assert tally.refused
    assert files.errors == [
        "line 1: customer_id: missing required column; the file has name: say which of them it is"
    ]


def test_file_of_more_columns_than_anybody_looks_at_is_refused(files: Files) -> None:
    header = ["customer_id", *(f"c{number}" for number in range(101))]

    tally = files.bring_in(FileKind.CUSTOMERS, [header, ["C1", *["x"] * 101]])

    assert (tally.refused, Customer.objects.count()) == (True, 0)
    assert files.errors == [
        "line 1: columns: the file has 101 columns beyond the known ones and at most 100 can be "
        "kept; remove those you do not need"
    ]


def test_same_key_twice_names_both_lines(files: Files) -> None:
    rows = [["customer_id", "name"], ["C1", "One"], ["C2", "Two"], ["C1", "Other"]]

    tally = files.bring_in(CUSTOMERS, rows)

    assert counts(tally) == (3, 0, 0, 0, 1)
    assert files.errors == [
        "line 4: customer_id: line 2 has the same key with other values; keep one of them"
    ]


def test_identical_row_twice_is_taken_once(files: Files) -> None:
    rows = [["customer_id", "name"], ["C1", "One"], ["C1", "One"]]

    assert counts(files.bring_in(CUSTOMERS, rows)) == (2, 1, 0, 1, 0)


def test_short_row_is_refused_instead_of_clearing_what_is_missing(files: Files) -> None:
    tally = files.bring_in(CUSTOMERS, [["customer_id", "name", "plan"], ["C1", "One"]])

    assert tally.bad == 1
    assert files.errors == [
        "line 2: row: the row has 2 cells but the first row names 3 columns; "
        "a separator or a closing quote is missing"
    ]


def test_progress_is_told_for_every_batch_of_both_passes(files: Files) -> None:
    from accounts.services.imports.running import Options, import_file
    from tests.accounts.importing import Notes

    rows: list[list[Any]] = [["customer_id"], *([f"C{number}"] for number in range(BATCH + 1))]
    notes = Notes()
    import_file(files.write(rows), kind=CUSTOMERS, options=Options(), now=NOW, listener=notes)

    total = BATCH + 1
    # The second pass begins with the total and nothing done.
    assert notes.steps == [(BATCH, None), (total, None), *[(total, total)] * 3]


def test_an_import_is_in_the_audit_log(files: Files) -> None:
    files.bring_in(CUSTOMERS, [["customer_id"], ["C1"]])

    event = AuditEvent.objects.get()
    assert (event.action, event.target, event.detail["created"]) == (
        "import.customers",
        "file.csv",
        1,
    )


@pytest.mark.django_db(transaction=True)
def test_batch_that_another_import_overtook_is_written_the_second_time(
    files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import IntegrityError

    from accounts.services.imports.kinds import customers as module

    real = module.CustomerImporter._write
    fails = [IntegrityError("the other import was first")]

    def overtaken(*args: Any) -> None:
        real(*args)
        if fails:
            raise fails.pop()

    monkeypatch.setattr(module.CustomerImporter, "_write", overtaken)
    tally = files.bring_in(CUSTOMERS, [["customer_id"], ["C1"]])

    assert counts(tally) == (1, 1, 0, 0, 0)
    assert Customer.objects.count() == 1


def test_the_longest_texts_that_are_read_are_kept(files: Files) -> None:
    """SQLite takes any length, PostgreSQL raises an error."""
    id_, text, word = "C" * MAX_TEXT, "声" * MAX_TEXT, "p" * MAX_PRODUCT
    email = f"{'a' * 64}@{'b' * 60}.{'c' * 60}.example"
    for kind, header, row in (
        (FileKind.CUSTOMERS, "customer_id,name,churn_reason,plan", [id_, text, text, text]),
        (FileKind.RESPONDENTS, "email,customer_id,name,role,team", [email, id_, text, text, text]),
        (FileKind.REVENUE, "customer_id,month,mrr,product", [id_, "2026-01", "1", word]),
        (
            FileKind.EVENTS,
            "customer_id,kind,at,ref,note",
            [id_, "trained", "2026-01-05", text, text],
        ),
    ):
        assert files.bring_in(kind, [header.split(","), row]).complete, files.errors

    assert Respondent.objects.get().role == text
