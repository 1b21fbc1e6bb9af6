from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from accounts.domain.imports.fact_columns import EventRow, UsageRow
from accounts.domain.imports.file_columns import FileKind
from tests.accounts.domain.imports.reading import read, refusal

USAGE = "customer_id,day,measure,value,email"


def test_a_row_of_usage_is_one_reading() -> None:
    row = read(FileKind.USAGE, USAGE, ["C1", date(2026, 10, 31), "Daily Logins", -1.5, ""])

    assert row == UsageRow(
        "C1", date(2026, 10, 31), "daily_logins", Decimal("-1.5"), "", mail_key="", attributes={}
    )
    assert row.readings == {"daily_logins": Decimal("-1.5")}


def test_a_wide_row_has_a_reading_for_each_cell_that_is_not_empty() -> None:
    row = read(
        FileKind.USAGE, "customer_id,day,Logins,exports,seats", ["C1", "2026-10-31", "3", "", "0"]
    )

    assert isinstance(row, UsageRow)
    assert row.readings == {"logins": Decimal(3), "seats": Decimal(0)}


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("2026-11-23", "day: '2026-11-23' is in the future; nothing can be known of it yet"),
        ("", "day: is empty; a value is required"),
    ],
)
def test_a_day_is_there_and_over_or_going_on(value: str, said: str) -> None:
    assert refusal(FileKind.USAGE, USAGE, ["C1", value, "logins", "1", ""]) == f"line 7: {said}"
    assert isinstance(
        read(FileKind.USAGE, USAGE, ["C1", "2026-11-22", "logins", "1", ""]), UsageRow
    )


@pytest.mark.parametrize("value", ["", "x", "1e5", "1,5", "9" * 19, True])
def test_a_value_is_a_number(value: str) -> None:
    assert "line 7: value: " in refusal(
        FileKind.USAGE, USAGE, ["C1", "2026-10-31", "logins", value, ""]
    )


def test_an_event_in_full() -> None:
    columns = "customer_id,kind,at,email,ref,value,note"
    values = ["C1", "Ticket Opened", "2026-10-31T09:00:00", "Taro@x.example", " T-1 ", "2", "a\nb"]

    assert read(FileKind.EVENTS, columns, values) == EventRow(
        "C1",
        "ticket_opened",
        datetime(2026, 10, 31, tzinfo=UTC),
        "Taro@x.example",
        "T-1",
        Decimal(2),
        "a\nb",
        mail_key="taro@x.example",
        attributes={},
    )
