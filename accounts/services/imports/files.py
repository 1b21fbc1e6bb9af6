"""A file as a header and a stream of rows, or one clear sentence why it cannot be read."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from accounts.domain.import_cells import Cell
from accounts.domain.reasons import ReasonCode, Refused, reason

MEGABYTE = 1024 * 1024
# For files that staff upload; a command reads what the administrator of the machine gives it.
MAX_UPLOAD_BYTES = 20 * MEGABYTE
MAX_UPLOAD_ROWS = 500_000
MAX_UNPACKED_BYTES = 100 * MEGABYTE
MAX_MEMBERS = 1_000

_ZIP = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_OTHER_TYPES = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"7z\xbc\xaf",
    b"{\\rtf",
)
_WIDE_TEXT = (b"\xff\xfe", b"\xfe\xff")


class FileRefused(Refused):
    """The whole file cannot be read; `str()` says why and what to do."""


@dataclass(frozen=True, slots=True)
class Table:
    """The first row, and the rows after it with the line each one begins on."""

    header: Sequence[Cell]
    rows: Iterator[tuple[int, Sequence[Cell]]]


@contextmanager
def open_table(path: Path) -> Iterator[Table]:
    from accounts.services.imports.csv_rows import csv_lines
    from accounts.services.imports.sheet_rows import sheet_lines

    lines_of = sheet_lines if _is_workbook(path) else csv_lines
    with lines_of(path) as lines:
        first = next(lines, None)
        if first is None:
            raise FileRefused(reason(ReasonCode.FILE_EMPTY))
        yield Table(_without_empty_end(first[1]), lines)


def _is_workbook(path: Path) -> bool:
    with path.open("rb") as file:
        start = file.read(4096)
    if start.startswith(_ZIP):
        _refuse_bomb(path)
        return True
    if start.startswith(_OLD_OFFICE):
        raise FileRefused(reason(ReasonCode.FILE_OLD_OFFICE))
    if start.startswith(_WIDE_TEXT):
        raise FileRefused(reason(ReasonCode.FILE_UTF16))
    if start.startswith(_OTHER_TYPES) or b"\x00" in start or _is_markup(start):
        raise FileRefused(reason(ReasonCode.FILE_TYPE))
    return False


def _is_markup(start: bytes) -> bool:
    return start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")


def _refuse_bomb(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as fault:
        raise FileRefused(reason(ReasonCode.FILE_DAMAGED)) from fault
    if "xl/workbook.xml" not in {member.filename for member in members}:
        raise FileRefused(reason(ReasonCode.FILE_TYPE))
    unpacked = sum(member.file_size for member in members)
    if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED_BYTES:
        limit = MAX_UNPACKED_BYTES // MEGABYTE
        raise FileRefused(reason(ReasonCode.FILE_UNPACKED_TOO_LARGE, limit=limit))


def _without_empty_end(header: Sequence[Cell]) -> Sequence[Cell]:
    """Spreadsheets leave empty columns behind the last one that was ever used."""
    end = len(header)
    while end and header[end - 1] in (None, ""):
        end -= 1
    return header[:end]
