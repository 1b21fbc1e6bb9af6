from __future__ import annotations

import pytest

from accounts.models import Customer, Import
from accounts.services.imports.rows import parts
from accounts.services.imports.skipped import what_is_missed

pytestmark = pytest.mark.django_db


def test_customers_that_are_not_known_will_be_missing_by_name() -> None:
    Customer.objects.create(customer_id="C0")
    row = Import.objects.create(
        kind="customers", bad_rows=8, columns=[["name", "Name"], ["customer_id", "ID"]]
    )
    lines = [[each, "name", "empty", {}, ["", f"C{each}"]] for each in range(7)]
    parts.keep(row, parts.Kind.BAD, [*lines, [9, "row", "row_short", {}, ["x"]]])

    missing, known = what_is_missed(row)

    assert missing.startswith("6 customers will be missing (C1, C2, C3, C4, C5 …): rows about them")
    assert "keep what is known" in known


@pytest.mark.parametrize("kind", sorted(set(Import.Kind) - {Import.Kind.CUSTOMERS}))
def test_each_kind_says_what_is_missed_and_nothing_where_all_rows_are_good(kind: str) -> None:
    assert len(what_is_missed(Import(kind=kind, bad_rows=1))) == 1
    assert what_is_missed(Import(kind=kind, bad_rows=0)) == []
