from __future__ import annotations

from accounts.domain.imports.file_columns import FileKind
from accounts.domain.imports.rows import RowError
from accounts.domain.reasons import ReasonCode, reason
from api.web.rest.bulk import told


def test_a_reason_is_cut_where_it_says_what_to_write() -> None:
    error = RowError(3, "day", reason(ReasonCode.DATE, value="x"))

    found = told(error, FileKind.USAGE)
    assert (found.row, found.field) == (3, "day")
    assert (found.detail, found.fix) == (
        "'x' is not a date", "write it as YYYY-MM-DD, such as 2026-10-31",
    )  # fmt: skip


def test_else_the_column_says_what_it_holds() -> None:
    why = reason(
        ReasonCode.CHURNED_BEFORE_STARTED, churned_on="2026-01-01", started_on="2026-02-01"
    )
    error = RowError(1, "churned_on", why)
    unknown = RowError(1, "attributes", reason(ReasonCode.COLUMN_TWICE))

    assert "YYYY-MM-DD" in told(error, FileKind.CUSTOMERS).fix
    assert told(unknown, FileKind.CUSTOMERS).fix
