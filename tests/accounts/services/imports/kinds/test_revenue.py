from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from accounts.domain.imports.file_columns import FileKind
from accounts.models import MonthlyRevenue
from tests.accounts.importing import Files, counts

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("customers")
def test_revenue_comes_in_once_and_changes_where_the_file_does(files: Files) -> None:
    head = ["customer_id", "month", "mrr", "currency"]
    rows = [head, ["C1", "2026-01", "29.85", "JPY"], ["C2", "2026-01", "0", ""]]
    first = files.bring_in(FileKind.REVENUE, rows)
    again = files.bring_in(FileKind.REVENUE, rows)
    changed = files.bring_in(
        FileKind.REVENUE, [head[:3], ["C1", "2026-01", "30"], ["C1", "2026-02", "31"]]
    )

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


PRODUCTS = ["customer_id", "month", "mrr", "currency", "product", "quantity"]


def amounts() -> list[tuple[str, int, int | None]]:
    rows = MonthlyRevenue.objects.order_by("customer", "month", "product")
    return [
        (product, int(mrr), None if quantity is None else int(quantity))
        for product, mrr, quantity in rows.values_list("product", "mrr", "quantity")
    ]


@pytest.mark.usefixtures("customers")
def test_a_month_has_a_row_for_each_product(files: Files) -> None:
    rows = [
        PRODUCTS,
        ["C1", "2026-01", "100", "JPY", "Base", "10"],
        ["C1", "2026-01", "30", "JPY", "Add-on", ""],
    ]
    assert counts(files.bring_in(FileKind.REVENUE, rows)) == (2, 2, 0, 0, 0)
    assert counts(files.bring_in(FileKind.REVENUE, rows)) == (2, 0, 0, 2, 0)
    assert amounts() == [("Add-on", 30, None), ("Base", 100, 10)]


@pytest.mark.usefixtures("customers")
def test_products_replace_the_whole_of_their_month_and_nothing_is_counted_twice(
    files: Files,
) -> None:
    whole = [PRODUCTS[:4], ["C1", "2026-01", "130", "JPY"], ["C1", "2026-02", "130", "JPY"]]
    files.bring_in(FileKind.REVENUE, whole)

    tally = files.bring_in(
        FileKind.REVENUE,
        [PRODUCTS, ["C1", "2026-01", "100", "JPY", "Base", "10"],
         ["C1", "2026-01", "30", "JPY", "Add-on", ""]],
    )  # fmt: skip

    assert counts(tally) == (2, 2, 0, 0, 0)
    assert [row[:2] for row in amounts()] == [("Add-on", 30), ("Base", 100), ("", 130)]


@pytest.mark.usefixtures("customers")
def test_a_whole_that_is_the_sum_of_the_products_leaves_them_and_another_one_replaces_them(
    files: Files,
) -> None:
    rows = [["C1", "2026-01", "100", "JPY", "Base", "10"], ["C1", "2026-01", "30", "JPY", "X", ""]]
    files.bring_in(FileKind.REVENUE, [PRODUCTS, *rows])

    same = files.bring_in(FileKind.REVENUE, [PRODUCTS[:4], ["C1", "2026-01", "130", "JPY"]])
    assert counts(same) == (1, 0, 0, 1, 0)
    assert len(amounts()) == 2

    other = files.bring_in(FileKind.REVENUE, [PRODUCTS[:4], ["C1", "2026-01", "140", "JPY"]])
    assert counts(other) == (1, 1, 0, 0, 0)
    assert amounts() == [("", 140, None)]


@pytest.mark.usefixtures("customers")
def test_a_remainder_beside_products_of_the_same_file_stays(files: Files, monkeypatch) -> None:
    from accounts.services.imports import running

    # Its rows in batches of their own.
    monkeypatch.setattr(running, "BATCH", 1)
    rows = [["C1", "2026-01", "100", "JPY", "Base", ""], ["C1", "2026-01", "5", "JPY", "", ""]]
    for order in (rows, rows[::-1]):
        files.bring_in(FileKind.REVENUE, [PRODUCTS, *order])
        assert [row[:2] for row in amounts()] == [("", 5), ("Base", 100)]
