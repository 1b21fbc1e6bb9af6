"""Imports as tests make them: rows in, counts and errors out."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.core.files.base import ContentFile

from accounts.domain.imports.cells.texts import Cell
from accounts.domain.imports.changes import CellChange
from accounts.domain.imports.file_columns import FileKind
from accounts.domain.imports.rows import RowError
from accounts.models import Import, StaffUser
from accounts.services.imports import recording, running, uploads
from accounts.services.imports.reading.files import FileRefused
from accounts.services.imports.reading.tables import open_table
from accounts.services.imports.running import Listener, Options, Tally, import_file

NOW = dt.datetime(2026, 10, 10, 3, 0, tzinfo=dt.UTC)
CAREFUL = Options()
UPLOADED = b"customer_id,name\nC1,One\nC2,Two\n"


@dataclass
class Notes(Listener):
    errors: list[str] = field(default_factory=list)
    steps: list[tuple[int, int | None]] = field(default_factory=list)
    changes: list[CellChange] = field(default_factory=list)

    def error(self, error: RowError, cells: Sequence[Cell] = ()) -> None:
        self.errors.append(str(error))

    def changed(self, changes: Sequence[CellChange]) -> None:
        self.changes += changes

    def progress(self, tally: Tally) -> None:
        self.steps.append((tally.read, tally.total))


@dataclass
class Files:
    """Writes rows to a CSV file and imports it; `errors` are those of the last import."""

    folder: Path
    errors: list[str] = field(default_factory=list)
    changes: list[CellChange] = field(default_factory=list)

    def write(self, rows: list[list[Any]], name: str = "file.csv") -> Path:
        path = self.folder / name
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
        return path

    def bring_in(
        self,
        kind: FileKind,
        rows: list[list[Any]],
        *,
        now: dt.datetime = NOW,
        dry_run: bool = False,
        skip_bad_rows: bool = False,
    ) -> Tally:
        options = Options(dry_run=dry_run, skip_bad_rows=skip_bad_rows)
        return self.bring_in_file(kind, self.write(rows), now=now, options=options)

    def bring_in_file(
        self, kind: FileKind, path: Path, *, now: dt.datetime = NOW, options: Options = CAREFUL
    ) -> Tally:
        notes = Notes()
        tally = import_file(path, kind=kind, options=options, now=now, listener=notes)
        self.errors, self.changes = notes.errors, notes.changes
        return tally


def counts(tally: Tally) -> tuple[int, int, int, int, int]:
    return tally.read, tally.created, tally.updated, tally.unchanged, tally.bad


def table_of(path: Path) -> tuple[list, list]:
    with open_table(path) as table:
        return list(table.header), [(line, list(cells)) for line, cells in table.rows]


def refusal_of(path: Path) -> str:
    with pytest.raises(FileRefused) as caught:
        table_of(path)
    return str(caught.value)


def given(tmp_path: Path, content: bytes, name: str = "file.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


def workbook(path: Path, rows: list[list]) -> Path:
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return path


def upload(by: StaffUser, content: bytes, name: str = "客先.csv", **fields: bool) -> Import:
    options = {"dry_run": False, "skip_bad_rows": False} | fields
    return uploads.accept(
        ContentFile(content, name), kind=FileKind.CUSTOMERS, by=by, now=NOW, **options
    )


class Killed(BaseException):
    pass


def after_the_first_batch(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]) -> None:
    """Batches of one row; `happens` once, when the first is written."""
    changed = recording.Recorder.changed
    calls = iter([happens])

    def once(self: recording.Recorder, changes: Sequence[CellChange]) -> None:
        changed(self, changes)
        next(calls, lambda: None)()

    monkeypatch.setattr(running, "BATCH", 1)
    monkeypatch.setattr(recording.Recorder, "changed", once)
