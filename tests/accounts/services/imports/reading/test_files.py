"""Files as people have them: encodings, workbooks, and what is refused with a clear sentence."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from accounts.services.imports.reading import files
from tests.accounts.importing import given, refusal_of


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"%PDF-1.7 ...", "neither CSV nor XLSX"),
        (b"\x89PNG\r\n", "neither CSV nor XLSX"),
        (b"\xef\xbb\xbf <html><body>", "neither CSV nor XLSX"),
        (b"a,b\n1,\x00\n", "neither CSV nor XLSX"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "without password"),
        (b"PK\x03\x04 not a zip", "the workbook is damaged"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(
    tmp_path: Path, content: bytes, sentence: str
) -> None:
    assert sentence in refusal_of(given(tmp_path, content))


def test_zip_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "hello")

    assert "neither CSV nor XLSX" in refusal_of(path)


def test_workbook_that_unpacks_to_too_much_is_refused_unopened(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", bytes(files.MAX_UNPACKED_BYTES + 1))

    assert "larger than 100 MB when unpacked" in refusal_of(path)


def test_workbook_of_too_many_members_is_refused_unopened(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        for number in range(files.MAX_MEMBERS):
            archive.writestr(f"xl/{number}", "")

    assert "when unpacked" in refusal_of(path)
