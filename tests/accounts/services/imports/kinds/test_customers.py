from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from accounts.domain.imports.file_columns import FileKind
from accounts.models import Customer, CustomerTerms, CustomerVersion, ImportedFact
from accounts.services.imports.running import Options
from tests.accounts.importing import NOW, Files, counts

pytestmark = pytest.mark.django_db


def test_customers_come_in_with_their_attributes(files: Files) -> None:
    tally = files.bring_in(
        FileKind.CUSTOMERS,
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
    files.bring_in(FileKind.CUSTOMERS, rows)
    before = list(Customer.objects.values()), list(CustomerVersion.objects.values())

    tally = files.bring_in(FileKind.CUSTOMERS, rows, now=NOW + dt.timedelta(days=3))

    assert counts(tally) == (2, 0, 0, 2, 0)
    assert (list(Customer.objects.values()), list(CustomerVersion.objects.values())) == before


def test_blank_cell_clears_and_absent_column_keeps(files: Files) -> None:
    files.bring_in(
        FileKind.CUSTOMERS, [["customer_id", "name", "plan", "region"], ["C1", "One", "a", "east"]]
    )

    tally = files.bring_in(FileKind.CUSTOMERS, [["customer_id", "plan"], ["C1", ""]])

    assert counts(tally) == (1, 0, 1, 0, 0)
    customer = Customer.objects.get()
    assert (customer.name, customer.attributes) == ("One", {"region": "east"})


def test_customer_version_is_added_when_attributes_change(files: Files) -> None:
    files.bring_in(FileKind.CUSTOMERS, [["customer_id", "name", "plan"], ["C1", "One", "a"]])
    later = NOW + dt.timedelta(days=40)

    files.bring_in(
        FileKind.CUSTOMERS, [["customer_id", "name", "plan"], ["C1", "New", "a"]], now=later
    )
    files.bring_in(FileKind.CUSTOMERS, [["customer_id", "plan"], ["C1", "b"]], now=later)
    files.bring_in(FileKind.CUSTOMERS, [["customer_id", "plan"], ["C1", "c"]], now=later)

    assert list(
        CustomerVersion.objects.order_by("known_from").values_list("known_from", "attributes")
    ) == [
        (timezone.localdate(NOW), {"plan": "a"}),
        (timezone.localdate(later), {"plan": "c"}),
    ]


def test_customer_without_versions_keeps_the_values_it_had(files: Files) -> None:
    customer = Customer.objects.create(customer_id="C1", attributes={"plan": "a"})
    Customer.objects.update(created_at=NOW - dt.timedelta(days=100))

    files.bring_in(FileKind.CUSTOMERS, [["customer_id", "plan"], ["C1", "b"]])

    first = CustomerVersion.objects.order_by("known_from").first()
    assert first is not None
    assert (first.known_from, first.attributes) == (
        timezone.localdate(NOW - dt.timedelta(days=100)),
        customer.attributes,
    )


def test_churn_date_alone_is_checked_against_the_known_start(files: Files) -> None:
    files.bring_in(FileKind.CUSTOMERS, [["customer_id", "started_on"], ["C1", "2026-05-01"]])

    tally = files.bring_in(
        FileKind.CUSTOMERS, [["customer_id", "churned_on"], ["C1", "2026-04-01"]]
    )

    assert counts(tally) == (1, 0, 0, 0, 1)
    assert files.errors == ["line 2: churned_on: 2026-04-01 is before started_on (2026-05-01)"]


def test_renewals_and_seats_are_kept_with_the_day_they_became_known(files: Files) -> None:
    head = ["customer_id", "renews_on", "seats", "churn_reason", "churn_note"]
    moments = [NOW - dt.timedelta(days=back) for back in (9, 4, 1, 0)]
    first = [["C1", "2027-04-01", "10", "", ""], ["C2", "", "", "Price", "Line\nbreak"]]
    files.bring_in(FileKind.CUSTOMERS, [head, *first], now=moments[0])
    files.bring_in(FileKind.CUSTOMERS, [head, *first], now=moments[1])
    renewed = [["C1", "2028-04-01", "12", "", ""]]
    files.bring_in(FileKind.CUSTOMERS, [head, *renewed], now=moments[2])
    files.bring_in(FileKind.CUSTOMERS, [["customer_id", "name"], ["C1", "Aozora"]], now=moments[3])

    kept = CustomerTerms.objects.order_by("known_from")
    assert [(row.customer.customer_id, f"{row.renews_on}", row.seats) for row in kept] == [
        ("C1", "2027-04-01", 10),
        ("C1", "2028-04-01", 12),
    ]
    assert [row.known_from.day for row in kept] == [1, 9]
    gone = Customer.objects.get(customer_id="C2")
    assert (gone.churn_reason, gone.churn_note) == ("Price", "Line\nbreak")
    told = set(ImportedFact.objects.values_list("fact", flat=True))
    assert told == {"renews_on", "seats", "churn_reason"}


def test_seats_stay_an_attribute_that_segments_are_cut_over(files: Files) -> None:
    files.bring_in(FileKind.CUSTOMERS, [["customer_id", "seats"], ["C1", "25"]])
    assert Customer.objects.get().attributes == {"seats": "25"}

    files.bring_in(FileKind.CUSTOMERS, [["customer_id", "seats"], ["C1", ""]])
    customer = Customer.objects.get()
    assert (customer.seats, customer.attributes) == (None, {})


@pytest.mark.parametrize("seats", ["-1", "2.5", "many", "99999999999"])
def test_seats_are_a_whole_number(files: Files, seats: str) -> None:
    files.bring_in(FileKind.CUSTOMERS, [["customer_id", "seats"], ["C1", seats]])

    assert files.errors == [
        f"line 2: seats: '{seats}' is not a whole number from 0 on; write digits only"
    ]


def test_ids_that_differ_by_leading_zeros_are_two_customers_where_somebody_says_so(
    files: Files,
) -> None:
    rows = [["customer_id"], ["00101"]]
    files.bring_in(FileKind.CUSTOMERS, rows)
    path = files.write([["customer_id"], ["101"]])
    assert files.bring_in_file(FileKind.CUSTOMERS, path).bad == 1

    tally = files.bring_in_file(FileKind.CUSTOMERS, path, options=Options(zeros_count=True))

    assert counts(tally) == (1, 1, 0, 0, 0)
    files.bring_in(FileKind.CUSTOMERS, [["customer_id"], ["101"], ["00101"]])
    assert files.errors == []
    assert Customer.objects.count() == 2
