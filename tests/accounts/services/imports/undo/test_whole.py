"""An import taken back leaves the world as it was, or everything as it is and the reason why."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.domain.imports.file_columns import FileKind
from accounts.models import (
    AuditEvent,
    Customer,
    CustomerTerms,
    CustomerVersion,
    Dimension,
    Event,
    ExchangeRate,
    Import,
    ImportedFact,
    MonthlyRevenue,
    Person,
    Respondent,
)
from accounts.services.imports import forgetting, running, uploads
from accounts.services.imports.running import Options
from accounts.services.imports.undo import whole
from tests.accounts.importing import NOW, Files, Notes

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
TABLES = [
    *(Customer, CustomerVersion, CustomerTerms, Person, Respondent, MonthlyRevenue),
    *(ExchangeRate, Event, Dimension, ImportedFact),
]
HEADERS: dict[FileKind, list[str]] = {
    FileKind.CUSTOMERS: ["customer_id", "name", "seats", "renews_on", "churned_on", "plan"],
    FileKind.RESPONDENTS: ["email", "customer_id", "name", "language", "team"],
    FileKind.REVENUE: ["customer_id", "month", "mrr", "product"],
    FileKind.RATES: ["month", "currency", "rate"],
    FileKind.EVENTS: ["customer_id", "kind", "at", "ref", "value"],
}
CELLS = {
    "customer_id": ["C1", "C2", "C3"],
    "email": ["a@x.example", "b@x.example", "A@x.example"],
    "name": ["", "One", "Two"],
    "seats": ["", "3", "5"],
    "renews_on": ["", "2027-01-01", "2027-02-01"],
    "churned_on": ["", "2026-09-01", "soon"],
    "plan": ["", "a", "b"],
    "language": ["", "ja", "en"],
    "team": ["", "x"],
    "month": ["2026-01", "2026-02"],
    "mrr": ["10", "20"],
    "product": ["", "P", "Q"],
    "currency": ["USD", "EUR"],
    "rate": ["150", "160"],
    "kind": ["ticket_opened", "onboarding_completed"],
    "at": ["2026-05-01", "2026-06-01"],
    "ref": ["", "r1"],
    "value": ["", "1"],
}


@st.composite
def a_file(draw: st.DrawFn) -> tuple[FileKind, list[list[str]]]:
    kind = draw(st.sampled_from(list(HEADERS)))
    key = HEADERS[kind][0]
    header = [
        name for name in HEADERS[kind] if name in (key, *_needed(kind)) or draw(st.booleans())
    ]
    rows = draw(st.lists(st.tuples(*(st.sampled_from(CELLS[name]) for name in header)), max_size=5))
    return kind, [header, *map(list, rows)]


def _needed(kind: FileKind) -> list[str]:
    return {
        FileKind.CUSTOMERS: [],
        FileKind.RESPONDENTS: ["customer_id"],
        FileKind.REVENUE: ["month", "mrr"],
        FileKind.RATES: ["currency", "rate"],
        FileKind.EVENTS: ["kind", "at"],
    }[kind]


def bring_in(path: Path, kind: FileKind, *, now: dt.datetime = NOW) -> Import:
    options = Options(skip_bad_rows=True)
    _, pk = uploads.run_here(path, kind=kind, options=options, clock=lambda: now, also=Notes())
    return Import.objects.get(pk=pk)


def world() -> list[list[dict[str, Any]]]:
    return [list(table.objects.order_by("pk").values()) for table in TABLES]  # type: ignore[attr-defined]


@settings(max_examples=15, deadline=None)
@given(before=st.lists(a_file(), min_size=1, max_size=4), last=a_file())
def test_what_was_imported_and_taken_back_never_was(before: list[Any], last: Any) -> None:
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(running, "BATCH", 2)
        with transaction.atomic():
            files, now = Files(Path(folder)), NOW
            customers = [["customer_id", "plan"], ["C1", "a"], ["C2", ""]]
            for kind, rows in [(FileKind.CUSTOMERS, customers), *before]:
                bring_in(files.write(rows), kind, now=now)
                now += dt.timedelta(days=1)
            was = world()
            row = bring_in(files.write(last[1]), last[0], now=now)
            changed = world() != was

            asked = whole.ask_for(row.pk, by=None)

            assert asked == bool(row.created or row.updated)
            if asked:
                assert whole.undo(row.pk, now=now) is None
                assert world() == was
                assert Import.objects.get(pk=row.pk).state == "undone"
            elif changed:
                assert _rows_without_facts() == _rows_without_facts(was)
            transaction.set_rollback(True)


def _rows_without_facts(of: list[Any] | None = None) -> list[Any]:
    """A file of which nothing is new still tells that it told of something."""
    return (of or world())[:-2]


def customers(files: Files, *rows: list[str], now: dt.datetime = NOW) -> Import:
    return bring_in(files.write([["customer_id", "plan"], *rows]), FileKind.CUSTOMERS, now=now)


def test_only_the_last_import_of_a_kind_is_taken_back_and_once(files: Files) -> None:
    first = customers(files, ["C1", "a"])
    second = customers(files, ["C1", "b"], now=NOW + dt.timedelta(hours=1))

    assert "take that one back first" in str(whole.obstacle(first))
    assert not whole.ask_for(first.pk, by=None)
    assert whole.ask_for(second.pk, by=None)
    assert not whole.ask_for(second.pk, by=None)
    assert whole.undo(second.pk, now=NOW) is None
    assert whole.undo(second.pk, now=NOW) is None
    assert AuditEvent.objects.filter(action="import.undo").count() == 1
    assert Customer.objects.get().attributes == {"plan": "a"}
    assert whole.ask_for(first.pk, by=None)
    assert whole.undo(first.pk, now=NOW) is None
    assert not Customer.objects.exists()


def test_what_something_was_built_on_stays_as_a_whole_and_it_is_said_what(files: Files) -> None:
    row = customers(files, ["C1", "a"], ["C2", "a"])
    MonthlyRevenue.objects.create(
        customer=Customer.objects.get(customer_id="C2"), month=NOW.date(), mrr=1
    )
    was = world()

    assert whole.ask_for(row.pk, by=None)
    why = whole.undo(row.pk, now=NOW)

    assert str(why) == "customer C2 is used since, by: monthly revenue"
    assert world() == was
    row.refresh_from_db()
    assert (row.state, row.obstacle[0]) == ("done", "undo_used")
    MonthlyRevenue.objects.all().delete()
    assert whole.ask_for(row.pk, by=None)
    assert whole.undo(row.pk, now=NOW) is None


def test_what_was_changed_since_by_another_way_is_not_lost(files: Files) -> None:
    customers(files, ["C1", "a"])
    row = customers(files, ["C1", "b"], now=NOW + dt.timedelta(hours=1))
    Customer.objects.update(name="By hand")

    assert whole.ask_for(row.pk, by=None)

    assert "C1 was changed after this import" in str(whole.undo(row.pk, now=NOW)).replace(
        "By hand", "C1"
    )
    assert Customer.objects.get().attributes == {"plan": "b"}


def test_while_another_of_the_kind_runs_nothing_is_taken_back(files: Files) -> None:
    row = customers(files, ["C1", "a"])
    other = Import.objects.create(kind="customers", state="running", progress_at=NOW)

    assert "another import of the same kind is running" in str(whole.obstacle(row))
    assert not whole.ask_for(row.pk, by=None)
    other.delete()
    assert whole.obstacle(row) is None


def test_kinds_with_totals_of_their_own_say_beforehand_that_they_stay(files: Files) -> None:
    row = Import(kind="usage", state="done", created=1)
    assert "imports of usage and of responses stay" in str(whole.obstacle(row))


def test_who_is_erased_takes_the_way_back_along(files: Files) -> None:
    customers(files, ["C1", "a"])
    row = bring_in(
        files.write([["email", "customer_id", "name"], ["a@x.example", "C1", "Aya"]]),
        FileKind.RESPONDENTS,
    )
    again = [["email", "customer_id", "name"], ["a@x.example", "C1", ""]]
    row = bring_in(files.write(again), FileKind.RESPONDENTS, now=NOW + dt.timedelta(hours=1))
    assert whole.obstacle(row) is None

    forgetting.forget_person(["aya"])

    assert "no longer kept" in str(whole.obstacle(row))
