from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from accounts.services.imports.reading import files
from tests.accounts.importing import given, refusal_of, table_of


def test_columns_without_any_content_at_the_end_are_no_columns(tmp_path: Path) -> None:
    assert table_of(given(tmp_path, b"a,b,,\n1,2,,\n"))[0] == ["a", "b"]


def test_sheet_that_is_too_wide_is_refused_and_one_with_a_lost_cell_far_right_is_read(
    tmp_path: Path,
) -> None:
    def written(column: int, value: str) -> Path:
        path = tmp_path / f"{column}{value}.xlsx"
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, ["customer_id", "name"])
            sheet.write_row(1, 0, ["C1", "Blue"])
            sheet.write_string(2, 0, "C2")
            sheet.write(2, column, value, book.add_format({"bold": True}))
        return path

    assert refusal_of(written(16_000, "lost")).startswith(
        "line 3 has 16001 columns and at most 1000"
    )
    header, rows = table_of(written(16_000, ""))
    assert header == ["customer_id", "name"]
    assert [(line, cells[:2]) for line, cells in rows] == [(2, ["C1", "Blue"]), (3, ["C2", ""])]


def test_row_with_empty_cells_only_behind_the_limit_is_read_up_to_it(tmp_path: Path) -> None:
    path = given(tmp_path, b"customer_id,name\nC1,Blue" + b"," * 5_000)

    [(line, cells)] = table_of(path)[1]

    assert (line, cells[:3], len(cells)) == (2, ["C1", "Blue", ""], files.MAX_COLUMNS)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_file_without_a_row_is_refused_as_empty(tmp_path: Path, content: bytes) -> None:
    assert "the file is empty" in refusal_of(given(tmp_path, content))
