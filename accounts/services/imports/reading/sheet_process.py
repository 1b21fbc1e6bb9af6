"""Run as a program: prints the first sheet of a workbook, one JSON list per row.

Exits with 3 where the workbook is damaged; dies at its limits where it is a bomb.
"""

from __future__ import annotations

import datetime as dt
import json
import resource
import sys

from python_calamine import CalamineError, CalamineWorkbook

MEMORY = 768 * 1024 * 1024
CPU_SECONDS = 60
DAMAGED = 3


def main(path: str) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
    except (CalamineError, OSError, ValueError, IndexError):
        return DAMAGED
    _write(sheet)
    return 0


def _write(sheet) -> None:  # type: ignore[no-untyped-def]
    encode = json.JSONEncoder(default=_tagged, ensure_ascii=True).encode
    for row in sheet.iter_rows():
        sys.stdout.write(encode(row) + "\n")


def _tagged(cell: object) -> dict[str, str] | str:
    if isinstance(cell, dt.datetime):
        return {"moment": cell.isoformat()}
    if isinstance(cell, dt.date):
        return {"day": cell.isoformat()}
    if isinstance(cell, dt.time):
        return {"time": cell.isoformat()}
    return str(cell)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
