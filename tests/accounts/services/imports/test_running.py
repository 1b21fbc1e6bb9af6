"""Customers, respondents and revenue: idempotent, all or nothing, one person per mailbox."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from accounts.domain.imports.files import FileKind
from accounts.models import (
    AuditEvent,
    Customer,
    CustomerVersion,
    Dimension,
    MonthlyRevenue,
    Person,
    Respondent,
)
from accounts.services.imports.running import BATCH
from accounts.services.people import erased_key, person_for
from tests.accounts.importing import NOW, Files, counts

CUSTOMERS, RESPONDENTS, REVENUE = FileKind.CUSTOMERS, FileKind.RESPONDENTS, FileKind.REVENUE
pytestmark = pytest.mark.django_db


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


@pytest.fixture
def customers(files: Files) -> None:
    files.bring_in(CUSTOMERS, [["customer_id"], ["C1"], ["C2"]])


def test_customers_come_in_with_their_attributes(files: Files) -> None:
    tally = files.bring_in(
        CUSTOMERS,
        [
            ["customer_id", "name", "started_on", "churned_on", "owner_email", "Contract Size"],
            ["C1", "青空", "2024-04-01", "2026-03-31", "cs@koe.example", "large"],
            ["C2", "", "", "", "", ""],
        ],
    )

    assert counts(tally) == (2, 2, 0, 0, 0)
    first, second = Customer.objects.all()
    assert (first.name, first.owner_email) == ("青空", "cs@koe.example")
    assert (first.started_on, first.churned_on) == (dt.date(2024, 4, 1), dt.date(2026, 3, 31))
    assert (first.attributes, second.attributes) == ({"contract_size": "large"}, {})


def test_importing_customers_again_changes_nothing(files: Files) -> None:
    rows = [["customer_id", "name", "plan"], ["C1", "One", "a"], ["C2", "Two", ""]]
    files.bring_in(CUSTOMERS, rows)
    before = list(Customer.objects.values()), list(CustomerVersion.objects.values())

    tally = files.bring_in(CUSTOMERS, rows, now=NOW + dt.timedelta(days=3))

    assert counts(tally) == (2, 0, 0, 2, 0)
    assert (list(Customer.objects.values()), list(CustomerVersion.objects.values())) == before


def test_blank_cell_clears_and_absent_column_keeps(files: Files) -> None:
    files.bring_in(
        CUSTOMERS, [["customer_id", "name", "plan", "region"], ["C1", "One", "a", "east"]]
    )

    tally = files.bring_in(CUSTOMERS, [["customer_id", "plan"], ["C1", ""]])

    assert counts(tally) == (1, 0, 1, 0, 0)
    customer = Customer.objects.get()
    assert (customer.name, customer.attributes) == ("One", {"region": "east"})


def test_customer_version_is_added_when_attributes_change(files: Files) -> None:
    files.bring_in(CUSTOMERS, [["customer_id", "name", "plan"], ["C1", "One", "a"]])
    later = NOW + dt.timedelta(days=40)

    files.bring_in(CUSTOMERS, [["customer_id", "name", "plan"], ["C1", "New", "a"]], now=later)
    files.bring_in(CUSTOMERS, [["customer_id", "plan"], ["C1", "b"]], now=later)
    files.bring_in(CUSTOMERS, [["customer_id", "plan"], ["C1", "c"]], now=later)

    assert list(
        CustomerVersion.objects.order_by("known_from").values_list("known_from", "attributes")
    ) == [
        (timezone.localdate(NOW), {"plan": "a"}),
        (timezone.localdate(later), {"plan": "c"}),
    ]


def test_customer_without_versions_keeps_the_values_it_had(files: Files) -> None:
    customer = Customer.objects.create(customer_id="C1", attributes={"plan": "a"})
    Customer.objects.update(created_at=NOW - dt.timedelta(days=100))

    files.bring_in(CUSTOMERS, [["customer_id", "plan"], ["C1", "b"]])

    first = CustomerVersion.objects.order_by("known_from").first()
    assert first is not None
    assert (first.known_from, first.attributes) == (
        timezone.localdate(NOW - dt.timedelta(days=100)),
        customer.attributes,
    )


def test_churn_date_alone_is_checked_against_the_known_start(files: Files) -> None:
    files.bring_in(CUSTOMERS, [["customer_id", "started_on"], ["C1", "2026-05-01"]])

    tally = files.bring_in(CUSTOMERS, [["customer_id", "churned_on"], ["C1", "2026-04-01"]])

    assert counts(tally) == (1, 0, 0, 0, 1)
    assert files.errors == ["line 2: churned_on: 2026-04-01 is before started_on (2026-05-01)"]


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
        f"line {BATCH + 7}: started_on: '1.2.2026' is not a date; "
        "write it as YYYY-MM-DD, such as 2026-10-31"
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
    assert files.errors == ["line 1: customer_id: missing required column"]


def test_file_of_more_columns_than_anybody_looks_at_is_refused(files: Files) -> None:
    header = ["customer_id", *(f"c{number}" for number in range(101))]

    tally = files.bring_in(FileKind.CUSTOMERS, [header, ["C1", *["x"] * 101]])

    assert (tally.refused, Customer.objects.count()) == (True, 0)
    assert files.errors == [
        "line 1: columns: the file has 101 columns beyond the known ones and at most 100 can be "
        "kept; remove those you do not need"
    ]


def test_files_together_make_no_more_segments_than_pages_can_show(files: Files) -> None:
    for letter in ("a", "b"):
        header = ["customer_id", *(f"{letter}{number}" for number in range(100))]
        files.bring_in(FileKind.CUSTOMERS, [header, ["C1", *["x"] * 100]])

    assert Dimension.objects.count() == 150
    assert len(Customer.objects.get().attributes) == 200


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
    assert notes.steps == [(BATCH, None), (total, None), (total, total), (total, total)]


def test_attribute_columns_of_few_values_become_dimensions(files: Files) -> None:
    rows: list[list[Any]] = [["customer_id", "契約 種別", "serial", "blank", "many"]]
    rows += [[f"C{n}", "大口" if n % 2 else "小口", n, "", n % 50] for n in range(51)]

    files.bring_in(CUSTOMERS, rows)

    assert list(Dimension.objects.values_list("name", "label", "source", "attribute")) == [
        ("many", "", "customer", "many"),
        ("契約_種別", "契約 種別", "customer", "契約_種別"),
    ]


def test_dimension_that_is_there_stays_as_the_admin_made_it(files: Files) -> None:
    Dimension.objects.create(name="plan", label="Tariff", source="customer", attribute="plan")

    files.bring_in(CUSTOMERS, [["customer_id", "plan"], ["C1", "a"]])

    assert Dimension.objects.get().label == "Tariff"


@pytest.mark.usefixtures("customers")
def test_role_and_language_of_respondents_become_dimensions(files: Files) -> None:
    rows = [["email", "customer_id", "role", "language"], ["a@x.example", "C1", "Admin", "ja"]]

    files.bring_in(RESPONDENTS, rows)

    assert list(Dimension.objects.values_list("name", "source")) == [
        ("language", "respondent"),
        ("role", "respondent"),
    ]


def test_respondent_of_an_unknown_customer_says_what_to_do(files: Files) -> None:
    tally = files.bring_in(RESPONDENTS, [["email", "customer_id"], ["a@x.example", "T123"]])

    assert tally.bad == 1
    assert files.errors == ["line 2: customer_id: no customer T123; import customers first"]
    assert Person.objects.count() == 0


@pytest.mark.usefixtures("customers")
def test_spellings_of_one_mailbox_share_one_person(files: Files) -> None:
    rows = [
        ["email", "customer_id"],
        ["Hanako.Aoyama+koe@gmail.com", "C1"],
        ["hanakoaoyama@googlemail.com", "C2"],
    ]

    tally = files.bring_in(RESPONDENTS, rows)

    assert counts(tally) == (2, 2, 0, 0, 0)
    assert Person.objects.count() == 1
    assert list(Respondent.objects.values_list("email", "customer__customer_id")) == [
        ("Hanako.Aoyama+koe@gmail.com", "C1"),
        ("hanakoaoyama@googlemail.com", "C2"),
    ]


@pytest.mark.usefixtures("customers")
def test_two_spellings_at_one_customer_are_named_as_the_same(files: Files) -> None:
    rows = [["email", "customer_id"], ["a@x.example", "C1"], ["A+koe@x.example", "C1"]]

    assert files.bring_in(RESPONDENTS, rows).bad == 1
    assert files.errors == [
        "line 3: email: line 2 has the same key with other values; keep one of them"
    ]


@pytest.mark.usefixtures("customers")
def test_importing_respondents_again_changes_nothing(files: Files) -> None:
    rows = [
        ["email", "customer_id", "name", "role", "language", "time_zone", "team"],
        ["a@x.example", "C1", "青山", "Admin", "ja", "Asia/Tokyo", "red"],
        ["b@x.example", "C1", "", "", "", "", ""],
    ]
    files.bring_in(RESPONDENTS, rows)
    before = list(Respondent.objects.values()), list(Person.objects.values())

    assert counts(files.bring_in(RESPONDENTS, rows)) == (2, 0, 0, 2, 0)
    assert (list(Respondent.objects.values()), list(Person.objects.values())) == before


@pytest.mark.usefixtures("customers")
def test_changed_respondent_keeps_its_id_and_what_the_file_leaves_out(files: Files) -> None:
    files.bring_in(
        RESPONDENTS,
        [["email", "customer_id", "name", "role"], ["a@x.example", "C1", "Old", "Admin"]],
    )
    before = Respondent.objects.get()

    tally = files.bring_in(
        RESPONDENTS, [["email", "customer_id", "name"], ["A@x.example", "C1", "New"]]
    )

    after = Respondent.objects.get()
    assert counts(tally) == (1, 0, 1, 0, 0)
    assert (after.pk, after.email, after.name, after.role) == (
        before.pk,
        "A@x.example",
        "New",
        "Admin",
    )
    assert after.created_at == before.created_at


@pytest.mark.usefixtures("customers")
def test_respondent_without_customer_is_given_the_one_the_file_names(files: Files) -> None:
    alone = Respondent.objects.create(person=person_for("a@x.example"), email="a@x.example")
    rows = [["email", "customer_id"], ["a@x.example", "C1"], ["a@x.example", "C2"]]

    tally = files.bring_in(RESPONDENTS, rows)

    assert counts(tally) == (2, 1, 1, 0, 0)
    alone.refresh_from_db()
    assert alone.customer is not None
    assert alone.customer.customer_id == "C1"
    assert Respondent.objects.count() == 2


@pytest.mark.usefixtures("customers")
def test_erased_person_is_not_brought_back(files: Files) -> None:
    Person.objects.create(mail_key=erased_key("a@x.example"), erased_at=NOW)

    tally = files.bring_in(RESPONDENTS, [["email", "customer_id"], ["A+b@x.example", "C1"]])

    assert counts(tally) == (1, 0, 0, 0, 1)
    assert files.errors == [
        "line 2: email: this person asked to be erased and cannot be imported again; remove the row"
    ]
    assert Respondent.objects.count() == 0


@pytest.mark.usefixtures("customers")
def test_address_of_a_merged_person_leads_to_the_person_kept(files: Files) -> None:
    kept = person_for("kept@x.example")
    Person.objects.create(mail_key="gone@x.example", merged_into=kept, merged_at=NOW)

    files.bring_in(RESPONDENTS, [["email", "customer_id"], ["gone@x.example", "C1"]])

    assert Respondent.objects.get().person == kept


@pytest.mark.usefixtures("customers")
def test_revenue_comes_in_once_and_changes_where_the_file_does(files: Files) -> None:
    head = ["customer_id", "month", "mrr", "currency"]
    rows = [head, ["C1", "2026-01", "29.85", "JPY"], ["C2", "2026-01", "0", ""]]
    first = files.bring_in(REVENUE, rows)
    again = files.bring_in(REVENUE, rows)
    changed = files.bring_in(REVENUE, [head[:3], ["C1", "2026-01", "30"], ["C1", "2026-02", "31"]])

    assert counts(first) == (2, 2, 0, 0, 0)
    assert counts(again) == (2, 0, 0, 2, 0)
    assert counts(changed) == (2, 1, 1, 0, 0)
    assert list(
        MonthlyRevenue.objects.order_by("customer", "month").values_list(
            "customer__customer_id", "month", "mrr", "currency"
        )
    ) == [
        ("C1", dt.date(2026, 1, 1), Decimal("30.00"), "JPY"),
        ("C1", dt.date(2026, 2, 1), Decimal("31.00"), ""),
        ("C2", dt.date(2026, 1, 1), Decimal("0.00"), ""),
    ]


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
