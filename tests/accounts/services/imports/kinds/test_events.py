from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from accounts.domain.imports.file_columns import FileKind
from accounts.models import Customer, Event, ImportedFact
from accounts.services.people import erased_key
from tests.accounts.importing import NOW, Files, counts
from tests.world import make_person, make_respondent

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both_databases,
    pytest.mark.usefixtures("customers"),
]
HEAD = ["customer_id", "kind", "at", "email", "ref", "value", "note"]
TODAY = dt.date(2026, 10, 10)


def test_an_event_is_known_by_its_reference_else_by_its_moment_and_address(files: Files) -> None:
    rows = [
        HEAD,
        ["C1", "Ticket Opened", "2026-10-01T09:00:00+09:00", "", "T-1", "", "slow"],
        ["C1", "ticket_resolved", "2026-10-02", "", "T-1", "", ""],
        ["C1", "trained", "2026-10-02", "a@aozora.example", "", "2.5", ""],
        ["C1", "trained", "2026-10-02", "b@aozora.example", "", "", ""],
        ["C2", "my own kind", "2026-10-02", "", "", "", ""],
    ]
    first = files.bring_in(FileKind.EVENTS, rows)
    again = files.bring_in(FileKind.EVENTS, rows)
    later = files.bring_in(
        FileKind.EVENTS,
        [
            HEAD,
            ["C1", "ticket_opened", "2026-10-01T10:00:00+09:00", "", "T-1", "", "slower"],
            ["C1", "trained", "2026-10-02", "A@aozora.example", "", "3", ""],
            ["C1", "trained", "2026-10-03", "a@aozora.example", "", "", ""],
        ],
    )

    assert counts(first) == (5, 5, 0, 0, 0)
    assert counts(again) == (5, 0, 0, 5, 0)
    assert counts(later) == (3, 1, 2, 0, 0)
    opened = Event.objects.get(kind="ticket_opened")
    assert (opened.at, opened.note) == (dt.datetime(2026, 10, 1, 1, tzinfo=dt.UTC), "slower")
    assert Event.objects.get(mail_key="a@aozora.example", at__day=2).value == Decimal(3)
    assert Event.objects.filter(kind="my_own_kind", known_from=TODAY).exists()


def test_a_column_that_is_left_out_keeps_what_is_known(files: Files) -> None:
    files.bring_in(FileKind.EVENTS, [HEAD, ["C1", "purchased", "2026-10-01", "", "P1", "5", "x"]])
    short = ["customer_id", "kind", "at", "ref"]

    tally = files.bring_in(FileKind.EVENTS, [short, ["C1", "purchased", "2026-10-01", "P1"]])

    assert counts(tally) == (1, 0, 0, 1, 0)
    assert Event.objects.values_list("value", "note").get() == (Decimal(5), "x")


def test_bad_rows_are_named(files: Files) -> None:
    Person = make_person("gone@aozora.example")
    type(Person).objects.update(mail_key=erased_key("gone@aozora.example"), erased_at=NOW)
    rows = [
        HEAD,
        ["C1", "trained", "2026-10-11", "", "", "", ""],
        ["C9", "trained", "2026-10-01", "", "", "", ""],
        ["C1", "", "2026-10-01", "", "", "", ""],
        ["C1", "trained", "", "", "", "", ""],
        ["C1", "trained", "2026-10-01", "", "", "x", ""],
        ["C1", "trained", "2026-10-01", "no address", "", "", ""],
        ["C1", "trained", "2026-10-01", "gone@aozora.example", "", "", ""],
    ]
    files.bring_in(FileKind.EVENTS, rows)

    assert [error.split(": ", 2)[:2] for error in files.errors] == [
        ["line 2", "at"], ["line 3", "customer_id"], ["line 4", "kind"], ["line 5", "at"],
        ["line 6", "value"], ["line 7", "email"], ["line 8", "email"],
    ]  # fmt: skip
    assert not Event.objects.exists()


def test_whom_it_concerns_is_found_among_the_respondents(files: Files) -> None:
    respondent = make_respondent(
        make_person("a@aozora.example"), customer=Customer.objects.get(customer_id="C1")
    )
    rows = [HEAD, *(["C1", "attended", "2026-10-01", f"{name}@aozora.example", "", "", ""]
                    for name in ("A", "stranger"))]  # fmt: skip
    files.bring_in(FileKind.EVENTS, rows)

    found = dict(Event.objects.values_list("mail_key", "respondent"))
    assert found == {"a@aozora.example": respondent.pk, "stranger@aozora.example": None}


def test_the_kinds_of_a_file_are_recorded_as_told_of(files: Files) -> None:
    for back in (5, 0):
        files.bring_in(
            FileKind.EVENTS,
            [HEAD, ["C1", "referred", "2026-09-01", "", "", "", ""]],
            now=NOW - dt.timedelta(days=back),
        )

    row = ImportedFact.objects.get()
    assert (row.fact, f"{row.first_on}", f"{row.last_on}") == (
        "events:referred", "2026-10-05", "2026-10-10",
    )  # fmt: skip
