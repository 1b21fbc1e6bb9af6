"""Run as a program: prints the sheets of a workbook, then the rows of the one that is asked for.

The first line is `{"sheets": [[name, first rows], ...], "hidden": [names]}` of the visible sheets
that have rows. Where there are several it waits for a number on standard input. Then come the rows
that hold something, `[number, cells]` each; the last line counts those that were hidden.
Exits with 3 where the workbook is damaged; dies at its limits where it is a bomb.
"""

from __future__ import annotations

import json
import resource
import sys
import zipfile
import zlib
from contextlib import closing
from pathlib import Path
from pyexpat import ExpatError

if __name__ == "__main__":
    # It is run without our packages.
    sys.path.insert(0, str(Path(__file__).resolve().parents[4]))

from accounts.services.imports.reading.sheet import Sheet
from accounts.services.imports.reading.workbook import Damaged, Workbook

MEMORY = 768 * 1024 * 1024
CPU_SECONDS = 60
DAMAGED = 3
SAMPLE = 20


def main(path: str) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        with zipfile.ZipFile(path) as archive, closing(Workbook(archive)) as book:
            _print(book)
    except (
        Damaged,
        zipfile.BadZipFile,
        zlib.error,
        ExpatError,
        OSError,
        EOFError,
        LookupError,
        ValueError,
    ):
        return DAMAGED
    return 0


def _print(book: Workbook) -> None:
    encode = json.JSONEncoder(ensure_ascii=True).encode
    visible = [(name, part) for name, part, is_visible in book.sheets if is_visible]
    samples = [(name, part, list(Sheet(book).rows(part, at_most=SAMPLE))) for name, part in visible]
    filled = [each for each in samples if each[2]]
    hidden = [name for name, _, is_visible in book.sheets if not is_visible]
    shown = [[name, rows] for name, _, rows in filled]
    sys.stdout.write(encode({"sheets": shown, "hidden": hidden}) + "\n")
    sys.stdout.flush()
    if not filled:
        return
    chosen = int(sys.stdin.readline()) if len(filled) > 1 else 0
    sheet = Sheet(book)
    for row in sheet.rows(filled[chosen][1]):
        sys.stdout.write(encode(row) + "\n")
    sys.stdout.write(encode({"hidden_rows": sheet.hidden_rows}) + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
