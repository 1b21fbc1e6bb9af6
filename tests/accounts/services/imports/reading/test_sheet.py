from __future__ import annotations

import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import xlsxwriter

from accounts.services.imports.reading.sheet import Sheet
from accounts.services.imports.reading.workbook import Workbook
from tests.accounts.importing import workbook


def rows_of(path: Path) -> list[Any]:
    with zipfile.ZipFile(path) as archive, closing(Workbook(archive)) as book:
        return list(Sheet(book).rows(book.sheets[0][1]))


def test_cells_in_error_and_formulas_without_value_are_told_from_empty_ones(tmp_path: Path) -> None:
    path = tmp_path / "file.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_formula(0, 0, "=NA()", None, "#N/A")
        sheet.write_formula(0, 1, "=Sheet9!A1", None, "")
        sheet.write_formula(0, 2, '="x"', None, "x")
        sheet.write_string(0, 4, "end")

    [[line, cells]] = rows_of(path)

    assert line == 1
    assert cells == [{"error": "#N/A"}, {"error": ""}, "x", "", "end"]


def test_cells_under_a_merge_are_told_from_empty_ones(tmp_path: Path) -> None:
    path = tmp_path / "file.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.merge_range(0, 1, 2, 1, "of three rows")
        for row in range(3):
            sheet.write(row, 0, f"C{row}")
        sheet.write(4, 0, "C4")

    assert rows_of(path) == [
        [1, ["C0", "of three rows"]],
        [2, ["C1", {"error": "merged"}]],
        [3, ["C2", {"error": "merged"}]],
        [5, ["C4"]],
    ]


def test_names_of_tags_may_have_a_prefix_and_cells_no_place(tmp_path: Path) -> None:
    """As some programs other than Excel write them."""
    path = workbook(tmp_path / "file.xlsx", [["a"]])
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["xl/worksheets/sheet1.xml"] = (
        b'<x:worksheet xmlns:x="x"><x:sheetData><x:row><x:c t="inlineStr"><x:is><x:t>a</x:t></x:is>'
        b"</x:c><x:c><x:v>5</x:v></x:c></x:row></x:sheetData></x:worksheet>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)

    assert rows_of(path) == [[1, ["a", 5]]]
