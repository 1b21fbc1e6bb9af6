from __future__ import annotations

from typing import Any

import pytest

from accounts.domain.imports.file_columns import FileKind
from accounts.models import Customer, Dimension
from tests.accounts.importing import Files

pytestmark = pytest.mark.django_db


def test_files_together_make_no_more_segments_than_pages_can_show(files: Files) -> None:
    for letter in ("a", "b"):
        header = ["customer_id", *(f"{letter}{number}" for number in range(100))]
        files.bring_in(FileKind.CUSTOMERS, [header, ["C1", *["x"] * 100]])

    assert Dimension.objects.count() == 150
    assert len(Customer.objects.get().attributes) == 200


def test_attribute_columns_of_few_values_become_dimensions(files: Files) -> None:
    rows: list[list[Any]] = [["customer_id", "契約 種別", "serial", "blank", "many"]]
    rows += [[f"C{n}", "大口" if n % 2 else "小口", n, "", n % 50] for n in range(51)]

    files.bring_in(FileKind.CUSTOMERS, rows)

    assert list(Dimension.objects.values_list("name", "label", "source", "attribute")) == [
        ("many", "", "customer", "many"),
        ("契約_種別", "契約 種別", "customer", "契約_種別"),
    ]


def test_what_a_file_adds_is_last_in_the_order_of_the_admin(files: Files) -> None:
    for position, name in enumerate(("zone", "plan"), start=1):
        Dimension.objects.create(name=name, source="customer", attribute=name, position=position)

    files.bring_in(FileKind.CUSTOMERS, [["customer_id", "area"], ["C1", "a"]])

    assert [each.name for each in Dimension.objects.in_order()] == ["zone", "plan", "area"]


def test_dimension_that_is_there_stays_as_the_admin_made_it(files: Files) -> None:
    Dimension.objects.create(name="plan", label="Tariff", source="customer", attribute="plan")

    files.bring_in(FileKind.CUSTOMERS, [["customer_id", "plan"], ["C1", "a"]])

    assert Dimension.objects.get().label == "Tariff"


@pytest.mark.usefixtures("customers")
def test_role_and_language_of_respondents_become_dimensions(files: Files) -> None:
    rows = [["email", "customer_id", "role", "language"], ["a@x.example", "C1", "Admin", "ja"]]

    files.bring_in(FileKind.RESPONDENTS, rows)

    assert list(Dimension.objects.values_list("name", "source")) == [
        ("language", "respondent"),
        ("role", "respondent"),
    ]


def test_who_says_when_customers_start_has_tenure_and_a_column_of_that_name_goes_first(
    files: Files,
) -> None:
    files.bring_in(FileKind.CUSTOMERS, [["customer_id", "plan"], ["C1", "a"]])
    assert not Dimension.objects.filter(name="tenure").exists()

    files.bring_in(FileKind.CUSTOMERS, [["customer_id", "started_on"], ["C1", "2026-01-01"]])
    assert Dimension.objects.get(name="tenure").definition.bands is not None

    Dimension.objects.all().delete()
    header = ["customer_id", "started_on", "tenure"]
    files.bring_in(FileKind.CUSTOMERS, [header, ["C1", "2026-01-01", "long"]])
    assert Dimension.objects.get(name="tenure").attribute == "tenure"
