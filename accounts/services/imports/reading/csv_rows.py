"""CSV as it is met in Japan: UTF-8 with or without BOM, or CP932, told apart safely."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from accounts.domain.reasons import ReasonCode, reason
from accounts.services.imports.reading.files import FileRefused

Line = tuple[int, list[str]]

_CHUNK = 256 * 1024
_DELIMITERS = ",\t;"
# Accented letters of a Western file read as CP932 become single kanji inside Latin words.
_LONE_WIDE = re.compile(r"(?<=[A-Za-z])[^\x00-\x7f](?![^\x00-\x7f])")
_WIDE_RUN = re.compile(r"[^\x00-\x7f]+")
_PRIVATE_USE = re.compile(r"[\ue000-\uf8ff]")


@contextmanager
def csv_lines(path: Path) -> Iterator[Iterator[Line]]:
    encoding = sniff_encoding(path)
    with path.open(encoding=encoding, newline="") as file:
        first_line = file.readline()
        file.seek(0)
        yield _records(csv.reader(file, delimiter=_delimiter(first_line), strict=True))


def sniff_encoding(path: Path) -> str:
    """The encoding that reads every byte; a guess that would make nonsense is refused."""
    if _decodes(path, encoding="utf-8-sig"):
        return "utf-8-sig"
    if _decodes(path, encoding="cp932") and _reads_as_japanese(path):
        return "cp932"
    raise FileRefused(reason(ReasonCode.FILE_ENCODING))


def _decodes(path: Path, *, encoding: str) -> bool:
    try:
        with path.open(encoding=encoding, newline="") as file:
            while file.read(_CHUNK):
                pass
    except UnicodeDecodeError:
        return False
    return True


def _reads_as_japanese(path: Path) -> bool:
    lone = runs = 0
    with path.open(encoding="cp932", newline="") as file:
        while text := file.read(_CHUNK):
            if _PRIVATE_USE.search(text):
                return False
            lone += len(_LONE_WIDE.findall(text))
            runs += len(_WIDE_RUN.findall(text))
    return lone * 2 < runs


def _delimiter(first_line: str) -> str:
    return max(_DELIMITERS, key=first_line.count)


def _records(reader: Iterator[list[str]]) -> Iterator[Line]:
    """Rows with the line they begin on (a quoted cell may span lines); empty rows are passed."""
    line = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as fault:
            raise FileRefused(reason(ReasonCode.FILE_QUOTES, line=line)) from fault
        if cells is None:
            return
        if any(cells):
            yield line, cells
        line = reader.line_num + 1  # type: ignore[attr-defined]
