"""The first sheet of an XLSX workbook, read by a process of its own with its own limits."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from accounts.domain.imports.cells import Cell
from accounts.domain.reasons import ReasonCode, reason
from accounts.services.imports.reading.files import FileRefused

Line = tuple[int, list[Cell]]

_PROGRAM = Path(__file__).with_name("sheet_process.py")
_READERS: dict[str, Callable[[str], Cell]] = {
    "moment": dt.datetime.fromisoformat,
    "day": dt.date.fromisoformat,
    "time": dt.time.fromisoformat,
}


@contextmanager
def sheet_lines(path: Path) -> Iterator[Iterator[Line]]:
    # A hostile workbook can ask for any amount of memory or time: there it ends alone.
    process = subprocess.Popen(  # noqa: S603 - our own program, a path as its one argument
        [sys.executable, "-I", str(_PROGRAM), str(path)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield _lines(process)
    finally:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def _lines(process: subprocess.Popen[bytes]) -> Iterator[Line]:
    assert process.stdout is not None  # noqa: S101 - asked for above
    for number, text in enumerate(process.stdout, start=1):
        cells = json.loads(text, object_hook=_cell)
        if any(cell not in (None, "") for cell in cells):
            yield number, cells
    if process.wait() == 3:
        raise FileRefused(reason(ReasonCode.FILE_DAMAGED))
    if process.returncode:
        raise FileRefused(reason(ReasonCode.FILE_TOO_MUCH))


def _cell(tagged: dict[str, Any]) -> Cell:
    ((kind, text),) = tagged.items()
    return _READERS[kind](text)
