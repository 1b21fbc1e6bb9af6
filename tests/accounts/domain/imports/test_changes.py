from __future__ import annotations

import datetime as dt
from decimal import Decimal

from accounts.domain.imports.changes import CellChange, cell_changes, replaced


def test_only_what_reads_otherwise_is_a_change_and_a_blank_cell_empties() -> None:
    before = {"name": "One", "mrr": Decimal("100.00"), "day": dt.date(2026, 1, 2), "seats": None}
    after = {"name": "", "mrr": Decimal(100), "day": dt.date(2026, 1, 3), "plan": "a"}

    assert cell_changes("C1", before=before, after=after) == [
        CellChange("C1", "name", "One", "", empties=True),
        CellChange("C1", "day", "2026-01-02", "2026-01-03", empties=False),
        CellChange("C1", "plan", "", "a", empties=False),
    ]


def test_what_other_rows_replace_is_not_emptied() -> None:
    assert replaced("C1 2026-01", "mrr", Decimal("1.50")) == ("C1 2026-01", "mrr", "1.5", "", False)
