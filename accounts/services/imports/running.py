"""One file brought in: every row is checked first, and only then is the first one written.

1. Read and check the whole file, a batch at a time. Rows that passed wait in a temporary file, so
   memory does not grow with the file; errors are told as they are found.
2. Unless a row was bad (or bad rows may be skipped), write batch by batch, each in a transaction
   of its own, so that answers and sending never wait long for an import.

Each batch notes in its transaction what takes it back: a file that is cancelled or whose process is
killed leaves nothing half-written (`undo`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.domain.access.audit import AuditAction
from accounts.domain.imports.cells.texts import Cell
from accounts.domain.imports.changes import CellChange
from accounts.domain.imports.file_columns import FileKind, ImportRow
from accounts.domain.imports.mapping import Score
from accounts.domain.imports.rows import RowError, RowReader, read_header
from accounts.domain.reasons import ReasonCode, reason
from accounts.models import Dimension, ImportedFact, StaffUser
from accounts.services.access.audit import record_event
from accounts.services.imports.columns import known_headers, saved
from accounts.services.imports.dimensions import (
    Distinct,
    attribute_names,
    columns_to_count,
    register_dimensions,
    register_tenure,
)
from accounts.services.imports.facts import record_facts
from accounts.services.imports.kinds.base import Importer, Plan
from accounts.services.imports.kinds.registry import importer_for
from accounts.services.imports.reading.files import FileRefused, Told
from accounts.services.imports.reading.tables import Table, open_table
from accounts.services.imports.rows.seen import Seen
from accounts.services.imports.rows.spool import Spool
from accounts.services.imports.undo.journal import Entry, difference, image
from common.resilience.retry import is_operational, retry

BATCH = 1000
COUNTED = ("read", "created", "updated", "unchanged", "bad", "emptied", "total", "refused")
# Another import may bring one of the rows meanwhile: it is found the next time.
TRIES_AGAIN = (0.0, 0.0)

Numbered = tuple[int, ImportRow]


@dataclass(frozen=True, slots=True)
class Options:
    dry_run: bool = False
    skip_bad_rows: bool = False
    max_rows: int | None = None
    # What somebody said that columns mean: a field, or see `accounts.domain.imports.mapping`.
    columns: Mapping[str, str] = field(default_factory=dict)
    # See `Importer`.
    zeros_count: bool = False


@dataclass(slots=True)
class Tally:
    """What became of the rows. `total` is known once all were read; `refused`: none may go in."""

    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    bad: int = 0
    # Cells of known rows that blank cells clear.
    emptied: int = 0
    total: int | None = None
    refused: bool = False
    told: Told = field(default_factory=Told)

    @property
    def complete(self) -> bool:
        return not self.refused and not self.bad


class Listener:
    """Hears how an import goes; by itself it does nothing about it."""

    def error(self, error: RowError, cells: Sequence[Cell] = ()) -> None:
        """The cells are those of the row as the file has them."""

    def opened(self, header: Sequence[str], titles: Sequence[Cell]) -> None:
        """What each column was taken for, and what the file calls it."""

    def changed(self, changes: Sequence[CellChange]) -> None:
        """What the rows of a batch change in those that are known."""

    def begin(self) -> None:
        """In the transaction of each batch; raises where this import is to end."""

    def written(self, entries: Sequence[Entry]) -> None:
        """In the transaction of each batch: what takes it back."""

    def progress(self, tally: Tally) -> None:
        """After each batch that was checked or written."""


def import_file(
    path: Path,
    *,
    kind: FileKind,
    options: Options,
    now: dt.datetime,
    listener: Listener,
    by: StaffUser | None = None,
    name: str = "",
) -> Tally:
    score = Score(kind, known_headers(kind) | options.columns.keys())
    with open_table(path, score=score) as table, Spool() as spool:
        header = read_header(
            table.header,
            kind=kind,
            line=table.line,
            chosen=options.columns or saved(kind, table.header),
            attributes=attribute_names(),
        )
        if isinstance(header, list):
            for error in header:
                listener.error(error)
            return Tally(refused=True)
        listener.opened(header, table.header)
        importer = importer_for(kind)(header=header, now=now)
        importer.zeros_count = options.zeros_count
        run = _Run(importer, header, options, now, listener)
        run.check(table, spool)
        run.tally.told = table.told
        run.write(spool, titles=dict(zip(header, table.header, strict=True)))
    if not options.dry_run and not run.tally.refused:
        if run.tally.read > run.tally.bad:
            run.finish()
        counts = {name: getattr(run.tally, name) for name in COUNTED}
        record_event(
            AuditAction(f"import.{kind}"), actor=by, now=now, target=name or path.name, **counts
        )
    return run.tally


@dataclass
class _Run:
    importer: Importer[ImportRow]
    header: tuple[str, ...]
    options: Options
    now: dt.datetime
    listener: Listener
    tally: Tally = field(default_factory=Tally)

    def __post_init__(self) -> None:
        self.distinct = Distinct(columns_to_count(self.importer, self.header))
        self.seen = Seen()
        self.reader = RowReader(
            self.header,
            kind=self.importer.kind,
            zone=timezone.get_default_timezone(),
            now=self.now,
        )

    def check(self, table: Table, spool: Spool) -> None:
        while batch := list(islice(table.rows, BATCH)):
            self._count(len(batch))
            good, errors = self._read(batch)
            errors += self.importer.check(good)
            bad = {error.line for error in errors}
            cells = {line: cells for line, cells in batch if line in bad}
            for error in sorted(errors, key=lambda each: each.line):
                self.listener.error(error, cells[error.line])
            good = [(line, row) for line, row in good if line not in bad]
            for _, row in good:
                if self.importer.tells_attributes(row):
                    self.distinct.add(row)
            spool.add([row for _, row in good])
            self.tally.bad += len(bad)
            self.listener.progress(self.tally)
        self.tally.total = self.tally.read
        self.tally.refused = bool(self.tally.bad) and not self.options.skip_bad_rows
        self.listener.progress(self.tally)

    def write(self, spool: Spool, *, titles: dict[str, Cell]) -> None:
        if self.tally.refused and not self.options.dry_run:
            return
        if not self.options.dry_run:
            self._noted([Dimension.objects.all()], partial(self._register, titles))
        for rows in spool.batches():
            plan = self.importer.plan(rows) if self.options.dry_run else self._write(rows)
            self.tally.created += plan.created
            self.tally.updated += plan.updated
            self.tally.unchanged += plan.unchanged
            self.tally.emptied += sum(change.empties for change in plan.changes)
            self.listener.changed(plan.changes)
            self.listener.progress(self.tally)

    def finish(self) -> None:
        today = timezone.localdate(self.now)
        self._noted([], self.importer.finish)
        keep = partial(record_facts, self.importer.facts(), on=today)
        self._noted([ImportedFact.objects.all()], keep)

    def _register(self, titles: dict[str, Cell]) -> None:
        register_dimensions(self.importer, self.distinct, titles=titles)
        register_tenure(self.importer)

    def _count(self, rows: int) -> None:
        self.tally.read += rows
        limit = self.options.max_rows
        if limit is not None and self.tally.read > limit:
            raise FileRefused(reason(ReasonCode.FILE_TOO_MANY_ROWS, limit=limit))

    def _read(
        self, batch: Sequence[tuple[int, Sequence[Cell]]]
    ) -> tuple[list[Numbered], list[RowError]]:
        good: list[Numbered] = []
        errors: list[RowError] = []
        for line, cells in batch:
            row = self._checked(line, cells)
            if isinstance(row, RowError):
                errors.append(row)
            elif row is not None:
                good.append((line, row))
        return good, errors

    def _checked(self, line: int, cells: Sequence[Cell]) -> ImportRow | RowError | None:
        """The row, what is wrong with it, or None for one that stands in the file already."""
        if len(cells) < len(self.header):
            why = reason(ReasonCode.ROW_SHORT, cells=len(cells), columns=len(self.header))
            return RowError(line, "row", why)
        row = self.reader.read(cells, line=line)
        if isinstance(row, RowError):
            return row
        name, key = self.importer.key(row)
        content = tuple(cells)
        first = self.seen.first(key, line=line, content=content)
        if first is None:
            return row
        if not first.same:
            return RowError(line, name, reason(ReasonCode.ROW_TWICE, line=first.line))
        self.tally.unchanged += 1
        return None

    def _write(self, rows: list[ImportRow]) -> Plan:
        return retry(partial(self._write_once, rows), pauses=TRIES_AGAIN, passes=_may_pass)

    def _write_once(self, rows: list[ImportRow]) -> Plan:
        with transaction.atomic():
            self.listener.begin()
            plan = self.importer.plan(rows)
            self._note(plan.touches, plan.write)
        return plan

    def _noted(self, touches: Sequence[QuerySet[Any]], write: Callable[[], object]) -> None:
        with transaction.atomic():
            self.listener.begin()
            self._note(touches, write)

    def _note(self, touches: Sequence[QuerySet[Any]], write: Callable[[], object]) -> None:
        before = image(touches)
        write()
        self.listener.written(difference(before, image(touches)))


def _may_pass(error: Exception) -> bool:
    return isinstance(error, IntegrityError) or is_operational(error)
