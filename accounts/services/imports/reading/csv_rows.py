"""CSV as it is met in Japan: in which encoding, with which separator, and where its rows begin."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from accounts.domain.reasons import ReasonCode, reason
from accounts.services.imports.reading.encodings import sniff_encoding
from accounts.services.imports.reading.files import FileRefused

Line = tuple[int, list[str]]
# How much a row looks like the header that is wanted.
Score = Callable[[Sequence[str]], int]

_DELIMITERS = ",\t;"
_SAMPLE = 40
_SAMPLE_SIGNS = 64 * 1024
# Excel's own hint above the header.
_HINT = re.compile(r'"?sep=(.)"?[,;\t]*\s*', re.IGNORECASE)


@contextmanager
def csv_lines(path: Path, *, score: Score, sample: bool = False) -> Iterator[Iterator[Line]]:
    """Of a `sample` the first rows alone are wanted."""
    with path.open(encoding=sniff_encoding(path, sample=sample), newline="") as file:
        hint = _HINT.fullmatch(file.readline(100))
        file.seek(0)
        first = [*islice(iter(lambda: file.readline(_SAMPLE_SIGNS), ""), _SAMPLE)]
        file.seek(0)
        if hint:
            file.readline()
        delimiter = hint[1] if hint else _delimiter(first, score=score)
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        yield _records(reader, first=2 if hint else 1)


def _delimiter(sample: Sequence[str], *, score: Score) -> str:
    """The one that shows most of the wanted header, else that by which the lines are alike."""
    return max(_DELIMITERS, key=lambda sign: _fit(sample, sign, score))


def _fit(sample: Sequence[str], delimiter: str, score: Score) -> tuple[int, int, int]:
    rows = [row for row in _parsed(sample, delimiter) if len(row) > 1]
    if not rows:
        return 0, 0, 0
    ((width, count),) = Counter(map(len, rows)).most_common(1)
    return max(map(score, rows)), count, width


def _parsed(sample: Sequence[str], delimiter: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(sample, delimiter=delimiter)
    except csv.Error:
        return  # such as a quote that is never closed: told with its line when it is read


def _records(reader: Iterator[list[str]], *, first: int) -> Iterator[Line]:
    """Rows of more than blanks, with the line they begin on: a quoted cell may span lines."""
    line = first
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as fault:
            raise FileRefused(reason(ReasonCode.FILE_QUOTES, line=line)) from fault
        if cells is None:
            return
        if any(cell and not cell.isspace() for cell in cells):
            yield line, cells
        line = reader.line_num + first  # type: ignore[attr-defined]
