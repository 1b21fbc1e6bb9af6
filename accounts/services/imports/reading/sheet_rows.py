"""The sheet of an XLSX workbook that is meant, read by a process of its own with its own limits."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from accounts.domain.imports.cells.texts import Broken, Cell
from accounts.domain.reasons import ReasonCode, reason
from accounts.services.imports.reading.files import FileRefused, Told

Line = tuple[int, list[Cell]]
# Which of several sheets is meant, by the first rows of each.
Choose = Callable[[Sequence[Sequence[Line]]], int]

_PROGRAM = Path(__file__).with_name("sheet_process.py")
_DAMAGED = 3
_READERS: dict[str, Callable[[str], Cell]] = {
    "moment": dt.datetime.fromisoformat,
    "day": dt.date.fromisoformat,
    "time": dt.time.fromisoformat,
    "error": Broken,
}


@contextmanager
def sheet_lines(
    path: Path, *, choose: Choose, told: Told, seconds: float | None = None
) -> Iterator[Iterator[Line]]:
    """Where it takes more than so many `seconds`, the workbook is refused."""
    # A hostile workbook can ask for any amount of memory or time: there it ends alone.
    process = subprocess.Popen(  # noqa: S603 - our own program, a path as its one argument
        [sys.executable, "-I", str(_PROGRAM), str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    watch = threading.Timer(seconds or 0, process.kill)
    if seconds is not None:
        watch.start()
    try:
        yield _lines(process, choose, told)
    finally:
        watch.cancel()
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            _close(pipe)


def _close(pipe: IO[bytes] | None) -> None:
    try:
        if pipe:
            pipe.close()
    except BrokenPipeError:
        pass  # what was still to be written is of no use any more


def _lines(process: subprocess.Popen[bytes], choose: Choose, told: Told) -> Iterator[Line]:
    assert process.stdout is not None  # noqa: S101 - asked for above
    first = process.stdout.readline()
    if first:
        _choose(process, json.loads(first, object_hook=_cell), choose, told)
    for text in process.stdout:
        line = json.loads(text, object_hook=_cell)
        if isinstance(line, dict):
            told.hidden_rows = line["hidden_rows"]
        else:
            yield line[0], line[1]
    if process.wait() == _DAMAGED:
        raise FileRefused(reason(ReasonCode.FILE_DAMAGED))
    if process.returncode:
        raise FileRefused(reason(ReasonCode.FILE_TOO_MUCH))


def _choose(
    process: subprocess.Popen[bytes], found: dict[str, Any], choose: Choose, told: Told
) -> None:
    sheets = found["sheets"]
    chosen = choose([rows for _, rows in sheets]) if len(sheets) > 1 else 0
    if len(sheets) > 1:
        assert process.stdin is not None  # noqa: S101 - asked for above
        process.stdin.write(b"%d\n" % chosen)
        process.stdin.flush()
    names = [name for name, _ in sheets]
    if names:
        told.sheet = names[chosen]
    told.other_sheets = [*names[:chosen], *names[chosen + 1 :]]
    told.hidden_sheets = found["hidden"]


def _cell(tagged: dict[str, Any]) -> Any:
    if len(tagged) == 1:
        ((kind, value),) = tagged.items()
        if kind in _READERS:
            return _READERS[kind](value)
    return tagged
