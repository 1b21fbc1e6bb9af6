from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from accounts.services.imports.reading import files
from accounts.services.imports.reading.tables import open_table
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


def wanted(cells: object) -> int:
    return sum(cell in ("customer_id", "name") for cell in cells)  # type: ignore[attr-defined]


def test_header_is_found_under_a_title(tmp_path: Path) -> None:
    path = given(tmp_path, b"List of customers,\n,\ncustomer_id,name\nC1,Blue\n")

    with open_table(path, score=wanted) as table:
        assert (table.line, list(table.header), table.told.rows_above) == (
            3, ["customer_id", "name"], 1,
        )  # fmt: skip
        assert list(table.rows) == [(4, ["C1", "Blue"])]


def test_header_that_stands_again_is_no_row(tmp_path: Path) -> None:
    path = given(tmp_path, b"customer_id,name\nC1,Blue\ncustomer_id,name\nC2,Red\n")

    assert [line for line, _ in table_of(path)[1]] == [2, 4]


def test_of_the_visible_sheets_the_one_with_the_columns_is_read_and_the_rest_told(
    tmp_path: Path,
) -> None:
    path = tmp_path / "file.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name, rows in {
            "old": [["customer_id", "name"], ["C0", "Gone"]],
            "notes": [["How to fill this in", "x"], ["Ask", "me"]],
            "customers": [["customer_id", "name"], ["C1", "Blue"], ["C2", "Red"]],
        }.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
        book.worksheets()[0].hide()
        book.worksheets()[1].activate()
        book.worksheets()[2].set_row(2, None, None, {"hidden": True})

    with open_table(path, score=wanted) as table:
        assert [cells for _, cells in table.rows] == [["C1", "Blue"], ["C2", "Red"]]
        told = table.told
    assert (told.sheet, told.other_sheets, told.hidden_sheets, told.hidden_rows) == (
        "customers", ["notes"], ["old"], 1,
    )  # fmt: skip
