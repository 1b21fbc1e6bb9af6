from __future__ import annotations

import datetime as dt
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from accounts.services.imports.reading import sheet_process
from tests.accounts.importing import given, table_of, workbook


def printed(path: Path) -> tuple[int, list[str]]:
    """As it is run: without our packages and without what the environment says."""
    program = [sys.executable, "-I", str(sheet_process.__file__), str(path)]
    done = subprocess.run(program, capture_output=True, text=True, check=False, env={})
    return done.returncode, done.stdout.splitlines()


def test_each_row_is_a_line_in_which_dates_are_told_from_moments_and_times(tmp_path: Path) -> None:
    path = tmp_path / "file.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["青空", True, 1.5])
        for column, form in enumerate(["yyyy-mm-dd", "yyyy-mm-dd hh:mm", "hh:mm:ss"]):
            cell = 0.5 if form == "hh:mm:ss" else dt.datetime(2026, 10, 1, 9 * (column == 1))
            sheet.write(1, column, cell, book.add_format({"num_format": form}))
        other = book.add_worksheet()
        other.write(0, 0, "of another sheet")
        other.hide()

    first = r'[1, ["\u9752\u7a7a", true, 1.5]]'
    second = '[2, [{"day": "2026-10-01"}, {"moment": "2026-10-01T09:00:00"}, {"time": "12:00:00"}]]'
    sheets = f'{{"sheets": [["Sheet1", [{first}, {second}]]], "hidden": ["Sheet2"]}}'
    assert printed(path) == (0, [sheets, first, second, '{"hidden_rows": 0}'])


@pytest.mark.parametrize("content", [b"PK\x03\x04 not a zip", b""])
def test_damaged_workbook_is_told_by_the_exit_code(tmp_path: Path, content: bytes) -> None:
    assert printed(given(tmp_path, content, "file.xlsx")) == (sheet_process.DAMAGED, [])


def test_sign_left_behind_in_the_last_corner_of_a_sheet_costs_nothing(tmp_path: Path) -> None:
    """Laid out as a table, two cells in opposite corners are 17 thousand million."""
    path = workbook(tmp_path / "corners.xlsx", [["a"]])
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    sheet = members["xl/worksheets/sheet1.xml"]
    far = (
        b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t> </t></is></c></row></sheetData>'
    )
    members["xl/worksheets/sheet1.xml"] = sheet.replace(b"</sheetData>", far)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)

    assert table_of(path) == (["a"], [])
