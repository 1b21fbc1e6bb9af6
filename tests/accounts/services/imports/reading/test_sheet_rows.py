from __future__ import annotations

import datetime as dt
import subprocess
import zipfile
from pathlib import Path

import pytest

from accounts.services.imports.reading import sheet_rows
from accounts.services.imports.reading.files import Told
from accounts.services.imports.reading.sheet_rows import sheet_lines
from tests.accounts.importing import refusal_of, table_of, workbook


def test_xlsx_keeps_dates_and_numbers_as_such(tmp_path: Path) -> None:
    moment = dt.datetime(2026, 10, 5, 9, 30)
    path = workbook(
        tmp_path / "file.xlsx",
        [["a", "b", "c", "d"], ["青空", 12, dt.datetime(2026, 10, 1), moment], [], ["x", 1.5]],
    )

    header, rows = table_of(path)

    assert header == ["a", "b", "c", "d"]
    assert rows == [(2, ["青空", 12.0, dt.date(2026, 10, 1), moment]), (4, ["x", 1.5, "", ""])]


def test_damaged_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook><unclosed")

    assert "the workbook is damaged" in refusal_of(path)


def test_whoever_stops_reading_leaves_no_process_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = workbook(tmp_path / "long.xlsx", [[f"C{number}" * 20] for number in range(5_000)])
    started: list[subprocess.Popen[bytes]] = []
    real = subprocess.Popen
    monkeypatch.setattr(
        subprocess, "Popen", lambda *args, **kw: started.append(real(*args, **kw)) or started[-1]
    )

    with sheet_lines(path, choose=lambda _: 0, told=Told()) as lines:
        assert next(lines)[0] == 1
        [process] = started
        assert process.poll() is None

    assert process.returncode is not None


def test_workbook_that_asks_for_too_much_memory_dies_in_its_own_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "program.py"
    program.write_text("raise MemoryError")
    monkeypatch.setattr(sheet_rows, "_PROGRAM", program)

    assert "needs too much memory or time" in refusal_of(workbook(tmp_path / "a.xlsx", [["a"]]))
