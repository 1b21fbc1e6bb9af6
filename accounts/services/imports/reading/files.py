"""What a file is, by its first bytes, and how much of it is read."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from accounts.domain.reasons import ReasonCode, Refused, reason

MEGABYTE = 1024 * 1024
# For files that staff upload; a command reads what the administrator of the machine gives it.
MAX_UPLOAD_BYTES = 20 * MEGABYTE
MAX_UPLOAD_ROWS = 500_000
MAX_UNPACKED_BYTES = 100 * MEGABYTE
# Of any file and any of its rows, before a cell is looked at: far more than can be kept.
MAX_COLUMNS = 1_000
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


@dataclass
class Told:
    """What the reader of a file should know of it: which part was read, and what was not."""

    sheet: str = ""
    other_sheets: list[str] = field(default_factory=list)
    hidden_sheets: list[str] = field(default_factory=list)
    hidden_rows: int = 0
    # The rows above the header, such as a title.
    rows_above: int = 0


def is_workbook(path: Path) -> bool:
    with path.open("rb") as file:
        start = file.read(4096)
    if start.startswith(_ZIP):
        _refuse_bomb(path)
        return True
    if start.startswith(_OLD_OFFICE):
        raise FileRefused(reason(ReasonCode.FILE_OLD_OFFICE))
    if start.startswith(_WIDE_TEXT):
        return False
    if start.startswith(_OTHER_TYPES) or b"\x00" in start or _is_markup(start):
        raise FileRefused(reason(ReasonCode.FILE_TYPE))
    return False


def is_wide_text(path: Path) -> bool:
    """UTF-16, which says so by its first two bytes."""
    with path.open("rb") as file:
        return file.read(2) in _WIDE_TEXT


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
