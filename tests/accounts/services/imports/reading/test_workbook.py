from __future__ import annotations

import zipfile
from contextlib import closing
from pathlib import Path

import pytest
import xlsxwriter

from accounts.services.imports.reading.sheet import Sheet
from accounts.services.imports.reading.workbook import Damaged, Workbook
from tests.accounts.importing import workbook


def with_member(path: Path, name: str, content: bytes) -> Path:
    with zipfile.ZipFile(path) as archive:
        members = {each: archive.read(each) for each in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for each, old in (members | {name: content}).items():
            archive.writestr(each, content if each == name else old)
    return path


def test_hidden_sheets_are_known(tmp_path: Path) -> None:
    path = tmp_path / "file.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("old").hide()
        book.add_worksheet("now").activate()
        book.add_worksheet("away").very_hidden()

    with zipfile.ZipFile(path) as archive:
        found = [(name, visible) for name, _, visible in Workbook(archive).sheets]
    assert found == [("old", False), ("now", True), ("away", False)]


def test_how_a_word_is_pronounced_is_no_part_of_it(tmp_path: Path) -> None:
    path = with_member(
        workbook(tmp_path / "file.xlsx", [["x"]]),
        "xl/sharedStrings.xml",
        "<sst><si><r><t>東</t></r><r><t>京_x000A_</t></r><rPh><t>トウキョウ</t></rPh></si></sst>".encode(),
    )

    with zipfile.ZipFile(path) as archive, closing(Workbook(archive)) as book:
        assert book.text(0) == "東京\n"


@pytest.mark.parametrize(
    ("form", "is_date"),
    [
        ("yyyy-mm-dd", True),
        ('[$-411]ggge"年"m"月"d"日"', True),
        ("[Red]#,##0", False),
        ('#,##0"days"', False),
        ("0.00E+00", False),
        ("[h]:mm", False),
    ],
)
def test_format_says_whether_a_number_is_a_date(tmp_path: Path, form: str, is_date: bool) -> None:
    path = tmp_path / "file.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write(0, 0, 1, book.add_format({"num_format": form}))

    with zipfile.ZipFile(path) as archive:
        assert Workbook(archive).is_date[-1] is is_date


def test_part_that_declares_types_is_refused(tmp_path: Path) -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b "c">]><sst><si><t>&b;</t></si></sst>'
    path = with_member(workbook(tmp_path / "file.xlsx", [["x"]]), "xl/sharedStrings.xml", bomb)

    with zipfile.ZipFile(path) as archive, pytest.raises(Damaged):
        Workbook(archive).text(0)


def test_texts_are_read_as_far_as_the_rows_need_them(tmp_path: Path) -> None:
    """Of a large workbook they take most of the time, and its first rows need few."""
    path = workbook(tmp_path / "file.xlsx", [[f"text {n}"] for n in range(40_000)])

    with zipfile.ZipFile(path) as archive, closing(Workbook(archive)) as book:
        rows = list(Sheet(book).rows(book.sheets[0][1], at_most=20))
        assert rows[-1] == [20, ["text 19"]]
        assert len(book.texts) < 40_000
        with pytest.raises(Damaged):
            book.text(40_000)
