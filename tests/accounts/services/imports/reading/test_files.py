"""Files as people have them: encodings, workbooks, and what is refused with a clear sentence."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from accounts.services.imports.reading import files
from accounts.services.imports.reading.files import FileRefused
from accounts.services.imports.reading.tables import open_table

ROWS = [["customer_id", "name"], ["C1", "株式会社 青空"], ["C2", "Zoë"]]


def read(path: Path) -> tuple[list, list]:
    with open_table(path) as table:
        return list(table.header), [(line, list(cells)) for line, cells in table.rows]


def refusal(path: Path) -> str:
    with pytest.raises(FileRefused) as caught:
        read(path)
    return str(caught.value)


def given(tmp_path: Path, content: bytes, name: str = "file.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_csv_in_utf_8_is_read_with_and_without_bom(tmp_path: Path, encoding: str) -> None:
    path = given(tmp_path, "customer_id,name\r\nC1,株式会社 青空\r\nC2,Zoë\r\n".encode(encoding))

    assert read(path) == (ROWS[0], [(2, ROWS[1]), (3, ROWS[2])])


def test_csv_in_cp932_is_read_as_japanese(tmp_path: Path) -> None:
    path = given(tmp_path, "customer_id,name\nC1,株式会社 髙橋①ﾃｽﾄ\n".encode("cp932"))

    assert read(path) == (["customer_id", "name"], [(2, ["C1", "株式会社 髙橋①ﾃｽﾄ"])])


@pytest.mark.parametrize("name", ["Renée", "Müller", "Ångström", "Désirée Lefèvre"])
def test_csv_in_a_western_encoding_is_refused_instead_of_read_as_kanji(
    tmp_path: Path, name: str
) -> None:
    path = given(tmp_path, f"customer_id,name\nC1,{name}\n".encode("cp1252"))

    assert "save it as CSV in UTF-8" in refusal(path)


def test_csv_in_utf_16_is_refused_by_name(tmp_path: Path) -> None:
    assert "UTF-16" in refusal(given(tmp_path, "customer_id\nC1\n".encode("utf-16")))


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_delimiter_is_taken_from_the_first_row(tmp_path: Path, delimiter: str) -> None:
    path = given(tmp_path, f'a{delimiter}b\n1{delimiter}"x,;y"\n'.encode())

    assert read(path) == (["a", "b"], [(2, ["1", "x,;y"])])


def test_lines_are_those_of_the_file_where_a_cell_spans_several(tmp_path: Path) -> None:
    path = given(tmp_path, b'a,b\n1,"two\nlines"\n\n3,x\n')

    assert read(path)[1] == [(2, ["1", "two\nlines"]), (5, ["3", "x"])]


def test_columns_without_any_content_at_the_end_are_no_columns(tmp_path: Path) -> None:
    assert read(given(tmp_path, b"a,b,,\n1,2,,\n"))[0] == ["a", "b"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "the file is empty"),
        (b"\n\n", "the file is empty"),
        (b"%PDF-1.7 ...", "neither CSV nor XLSX"),
        (b"\x89PNG\r\n", "neither CSV nor XLSX"),
        (b"\xef\xbb\xbf <html><body>", "neither CSV nor XLSX"),
        (b"a,b\n1,\x00\n", "neither CSV nor XLSX"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "without password"),
        (b"PK\x03\x04 not a zip", "the workbook is damaged"),
        (b'a,b\n1,"never closed\n2,x\n', "begins on line 2 has a quote that is not closed"),
        (b'a\n"' + b"x" * 200_000 + b'"\n', "begins on line 2"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(
    tmp_path: Path, content: bytes, sentence: str
) -> None:
    assert sentence in refusal(given(tmp_path, content))


def workbook(path: Path, rows: list[list]) -> Path:
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return path


def test_xlsx_keeps_dates_and_numbers_as_such(tmp_path: Path) -> None:
    moment = dt.datetime(2026, 10, 5, 9, 30)
    path = workbook(
        tmp_path / "file.xlsx",
        [["a", "b", "c", "d"], ["青空", 12, dt.datetime(2026, 10, 1), moment], [], ["x", 1.5]],
    )

    header, rows = read(path)

    assert header == ["a", "b", "c", "d"]
    assert rows == [(2, ["青空", 12.0, dt.date(2026, 10, 1), moment]), (4, ["x", 1.5, "", ""])]


def test_zip_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "hello")

    assert "neither CSV nor XLSX" in refusal(path)


def test_workbook_that_unpacks_to_too_much_is_refused_unopened(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", bytes(files.MAX_UNPACKED_BYTES + 1))

    assert "larger than 100 MB when unpacked" in refusal(path)


def test_workbook_of_too_many_members_is_refused_unopened(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        for number in range(files.MAX_MEMBERS):
            archive.writestr(f"xl/{number}", "")

    assert "when unpacked" in refusal(path)


def test_workbook_that_lies_about_its_size_dies_in_its_own_process(tmp_path: Path) -> None:
    """Two cells in opposite corners ask for a table of 17 thousand million cells."""
    path = workbook(tmp_path / "corners.xlsx", [["a"]])
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    sheet = members["xl/worksheets/sheet1.xml"]
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    members["xl/worksheets/sheet1.xml"] = sheet.replace(b"</sheetData>", far)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)

    assert "needs too much memory or time" in refusal(path)


def test_damaged_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook><unclosed")

    assert "the workbook is damaged" in refusal(path)


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

    assert refusal(written(16_000, "lost")).startswith("line 3 has 16001 columns and at most 1000")
    header, rows = read(written(16_000, ""))
    assert header == ["customer_id", "name"]
    assert [(line, cells[:2]) for line, cells in rows] == [(2, ["C1", "Blue"]), (3, ["C2", ""])]


def test_row_with_empty_cells_only_behind_the_limit_is_read_up_to_it(tmp_path: Path) -> None:
    path = given(tmp_path, b"customer_id,name\nC1,Blue" + b"," * 5_000)

    [(line, cells)] = read(path)[1]

    assert (line, cells[:3], len(cells)) == (2, ["C1", "Blue", ""], files.MAX_COLUMNS)
