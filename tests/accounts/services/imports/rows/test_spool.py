from __future__ import annotations

import datetime as dt
from decimal import Decimal

from accounts.domain.imports.file_columns import CustomerRow, RevenueRow
from accounts.services.imports.rows.spool import Spool

COMPANY = CustomerRow("C1", "青空", dt.date(2024, 4, 1), None, "", None, 5, "", "", {"plan": "pro"})
REVENUE = RevenueRow("C1", dt.date(2026, 1, 1), Decimal("29.85"), "JPY", "", None, {})


def test_rows_come_back_in_the_batches_they_came_in() -> None:
    with Spool() as spool:
        spool.add([COMPANY, COMPANY])
        spool.add([])
        spool.add([REVENUE])

        assert list(spool.batches()) == [[COMPANY, COMPANY], [REVENUE]]
        # A dry run and the writing may both go over them.
        assert list(spool.batches()) == [[COMPANY, COMPANY], [REVENUE]]


def test_nothing_is_left_on_disk_and_one_batch_at_a_time_is_read() -> None:
    with Spool() as spool:
        for _ in range(3):
            spool.add([COMPANY] * 1_000)
        size = spool._file.tell()
        batches = spool.batches()
        next(batches)

        assert spool._file.tell() < size / 2
    assert spool._file.closed
