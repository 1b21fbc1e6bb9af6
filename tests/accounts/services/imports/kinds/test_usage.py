from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from accounts.domain.imports.file_columns import FileKind
from accounts.models import Measure, Reading, ReadingSpan, RespondentReading
from tests.accounts.importing import NOW, Files, counts
from tests.world import make_person, make_respondent

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both_databases,
    pytest.mark.usefixtures("customers"),
]
HEAD = ["customer_id", "day", "measure", "value"]
WIDE = ["customer_id", "day", "Active Users", "logins"]
TODAY = dt.date(2026, 10, 10)


def readings() -> list[tuple[str, str, str, Decimal]]:
    rows = Reading.objects.order_by("customer__customer_id", "measure__key", "day")
    found = rows.values_list("customer__customer_id", "measure__key", "day", "value")
    return [(customer, key, f"{day}", value) for customer, key, day, value in found]


def sums() -> dict[str, int]:
    return {day: int(value) for _, _, day, value in readings()}


def test_a_reading_comes_in_once_and_a_later_file_sets_it(files: Files) -> None:
    rows = [HEAD, ["C1", "2026-10-01", "logins", "12"], ["C2", "2026-10-01", "logins", "-0.5"]]
    first = files.bring_in(FileKind.USAGE, rows)
    again = files.bring_in(FileKind.USAGE, rows)
    later = files.bring_in(
        FileKind.USAGE,
        [HEAD, ["C1", "2026-10-01", "Logins", "13"], ["C1", "2026-10-02", "logins", "1"]],
        now=NOW + dt.timedelta(days=1),
    )

    assert counts(first) == (2, 2, 0, 0, 0)
    assert counts(again) == (2, 0, 0, 2, 0)
    assert counts(later) == (2, 1, 1, 0, 0)
    assert readings() == [
        ("C1", "logins", "2026-10-01", Decimal(13)),
        ("C1", "logins", "2026-10-02", Decimal(1)),
        ("C2", "logins", "2026-10-01", Decimal("-0.5")),
    ]
    known = Reading.objects.order_by("customer__customer_id", "day")
    assert list(known.values_list("known_from", flat=True)) == [
        TODAY + dt.timedelta(days=1), TODAY + dt.timedelta(days=1), TODAY,
    ]  # fmt: skip


def test_the_wide_form_says_the_same_and_an_empty_cell_is_no_fact(files: Files) -> None:
    wide = [WIDE, ["C1", "2026-10-01", "3", "12"], ["C2", "2026-10-01", "", "0"]]
    first = files.bring_in(FileKind.USAGE, wide)
    long = files.bring_in(
        FileKind.USAGE,
        [HEAD, ["C1", "2026-10-01", "active_users", "3"], ["C1", "2026-10-01", "logins", "12"],
         ["C2", "2026-10-01", "logins", "0"]],
    )  # fmt: skip
    emptied = files.bring_in(FileKind.USAGE, [WIDE, ["C1", "2026-10-01", "", "15"]])

    assert counts(first) == (2, 2, 0, 0, 0)
    assert counts(long) == (3, 0, 0, 3, 0)
    assert counts(emptied) == (1, 0, 1, 0, 0)
    assert readings() == [
        ("C1", "active_users", "2026-10-01", Decimal(3)),
        ("C1", "logins", "2026-10-01", Decimal(15)),
        ("C2", "logins", "2026-10-01", Decimal(0)),
    ]


def test_a_dry_run_counts_the_same_and_writes_nothing(files: Files) -> None:
    rows = [HEAD, ["C1", "2026-10-01", "logins", "12"]]
    files.bring_in(FileKind.USAGE, rows)

    changed = [HEAD, ["C1", "2026-10-01", "logins", "1"], ["C1", "2026-10-01", "new", "1"]]
    tally = files.bring_in(FileKind.USAGE, changed, dry_run=True)

    assert counts(tally) == (2, 1, 1, 0, 0)
    assert readings() == [("C1", "logins", "2026-10-01", Decimal(12))]
    assert list(Measure.objects.values_list("key", flat=True)) == ["logins"]


def test_bad_rows_are_named_and_nothing_is_written(files: Files) -> None:
    rows = [
        [*HEAD, "email"],
        ["C1", "2026-10-11", "logins", "1", ""],
        ["C9", "2026-10-01", "logins", "1", ""],
        ["C1", "2026-10-01", "logins", "many", ""],
        ["C1", "2026-10-02", "logins", "1.2.00", ""],
        ["C1", "2026-10-03", "9 lives", "1", ""],
        ["C1", "2026-10-04", "logins", "", ""],
        ["C1", "", "logins", "1", ""],
        ["C1", "2026-10-05", "logins", "1", "nobody@aozora.example"],
        ["C1", "2026-10-06", "logins", "1", ""],
        ["C1", "2026-10-06", "logins", "2", ""],
    ]
    files.bring_in(FileKind.USAGE, rows)

    assert [error.split(": ", 2)[:2] for error in files.errors] == [
        ["line 2", "day"], ["line 3", "customer_id"], ["line 4", "value"], ["line 5", "value"],
        ["line 6", "measure"], ["line 7", "value"], ["line 8", "day"], ["line 9", "email"],
        ["line 11", "day"],
    ]  # fmt: skip
    assert "in the future" in files.errors[0]
    assert readings() == []


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (["customer_id", "day", "measure"], "line 1: value: missing required column"),
        (["customer_id", "day", "value"], "line 1: measure: missing required column"),
    ],
)
def test_a_header_without_a_measure_is_refused(files: Files, head: list[str], said: str) -> None:
    tally = files.bring_in(FileKind.USAGE, [head, ["C1", "2026-10-01", "1"][: len(head)]])

    assert tally.refused
    assert [error[: len(said)] for error in files.errors] == [said]


def test_a_cell_of_the_wide_form_is_named_by_its_measure(files: Files) -> None:
    files.bring_in(FileKind.USAGE, [WIDE, ["C1", "2026-10-01", "3", "x"]])

    assert files.errors == ["line 2: logins: 'x' is not a number; write digits only, such as -12.5"]


def test_a_customer_has_the_sum_of_its_respondents_unless_its_own_number_is_given(
    files: Files,
) -> None:
    from accounts.models import Customer

    aozora = Customer.objects.get(customer_id="C1")
    for name in ("a", "b"):
        make_respondent(make_person(f"{name}@aozora.example"), customer=aozora)
    head = [*HEAD, "email"]
    rows = [
        head,
        ["C1", "2026-10-01", "logins", "2", "A@aozora.example"],
        ["C1", "2026-10-01", "logins", "3", "b@aozora.example"],
        ["C1", "2026-10-02", "logins", "4", "b@aozora.example"],
    ]
    first = files.bring_in(FileKind.USAGE, rows)
    again = files.bring_in(FileKind.USAGE, rows)
    assert (counts(first), counts(again)) == ((3, 3, 0, 0, 0), (3, 0, 0, 3, 0))
    assert sums() == {"2026-10-01": 5, "2026-10-02": 4}

    files.bring_in(FileKind.USAGE, [head, ["C1", "2026-10-01", "logins", "7", "a@aozora.example"]])
    assert sums() == {"2026-10-01": 10, "2026-10-02": 4}

    own = [head, ["C1", "2026-10-01", "logins", "100", ""]]
    assert counts(files.bring_in(FileKind.USAGE, own)) == (1, 1, 0, 0, 0)
    files.bring_in(FileKind.USAGE, [head, ["C1", "2026-10-01", "logins", "9", "a@aozora.example"]])
    assert sums() == {"2026-10-01": 100, "2026-10-02": 4}
    assert RespondentReading.objects.count() == 3


def test_an_erased_person_cannot_come_in_again(files: Files) -> None:
    from accounts.models import Customer, Person
    from accounts.services.people import erased_key

    person = make_person("gone@aozora.example")
    make_respondent(person, customer=Customer.objects.get(customer_id="C1"))
    Person.objects.update(mail_key=erased_key("gone@aozora.example"), erased_at=NOW)

    files.bring_in(
        FileKind.USAGE,
        [[*HEAD, "email"], ["C1", "2026-10-01", "logins", "1", "gone@aozora.example"]],
    )

    assert [error[:15] for error in files.errors] == ["line 2: email: "]
    assert "erased" in files.errors[0]


def test_a_measure_knows_its_days_and_when_newer_ones_came(files: Files) -> None:
    for back, days in (
        (4, ("2026-10-05", "2026-10-06")),
        (2, ("2026-10-07",)),
        (0, ("2026-09-01",)),
    ):
        rows = [["C1", day, "logins", "1"] for day in days]
        files.bring_in(FileKind.USAGE, [HEAD, *rows], now=NOW - dt.timedelta(days=back))

    row = Measure.objects.get()

    assert (f"{row.first_day}", f"{row.last_day}") == ("2026-09-01", "2026-10-07")
    assert row.recent_days == ["2026-09-01", "2026-10-05", "2026-10-06", "2026-10-07"]
    assert row.arrivals == ["2026-10-06", "2026-10-08"]
    span = ReadingSpan.objects.get()
    assert (f"{span.first_day}", f"{span.last_day}") == ("2026-09-01", "2026-10-07")
