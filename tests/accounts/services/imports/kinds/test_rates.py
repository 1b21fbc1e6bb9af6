from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from accounts.domain.imports.file_columns import FileKind
from accounts.models import ExchangeRate
from tests.accounts.importing import Files, counts

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
HEADER = ["month", "currency", "rate"]


def test_rates_are_brought_in_changed_and_left_as_they_are(tmp_path: Path) -> None:
    files = Files(tmp_path)
    rows = [["2026-10", "USD", "155.2"], ["2026-10", "EUR", "0.0061"]]
    assert counts(files.bring_in(FileKind.RATES, [HEADER, *rows])) == (2, 2, 0, 0, 0)
    assert counts(files.bring_in(FileKind.RATES, [HEADER, *rows])) == (2, 0, 0, 2, 0)

    rows[0][2] = "155.3"
    assert counts(files.bring_in(FileKind.RATES, [HEADER, *rows])) == (2, 0, 1, 1, 0)
    assert set(ExchangeRate.objects.values_list(*HEADER)) == {
        (dt.date(2026, 10, 1), "USD", Decimal("155.3")),
        (dt.date(2026, 10, 1), "EUR", Decimal("0.0061")),
    }


@pytest.mark.parametrize("rate", ["0", "-1", "1e3", "12,5", "", "x", "0.00000000001", "10000000"])
def test_what_is_no_rate_is_refused(tmp_path: Path, rate: str) -> None:
    files = Files(tmp_path)
    files.bring_in(FileKind.RATES, [HEADER, ["2026-10", "USD", rate]])
    why = f"'{rate}' is not a rate; write a number above 0, such as 155.20"
    assert files.errors == [f"line 2: rate: {why if rate else 'is empty; a value is required'}"]


def test_a_rate_needs_its_currency_and_one_file_holds_one_a_month(tmp_path: Path) -> None:
    files = Files(tmp_path)
    rows = [["2026-10", "", "1"], ["2026-10", "USD", "1"], ["2026-10", "USD", "2"]]
    files.bring_in(FileKind.RATES, [HEADER, *rows])
    assert files.errors == [
        "line 2: currency: is empty; a value is required",
        "line 4: month: line 3 has the same key with other values; keep one of them",
    ]
