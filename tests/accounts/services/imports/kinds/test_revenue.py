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
