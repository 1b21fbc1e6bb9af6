"""How far an import is, and what it keeps of its rows, where its page reads it."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

from django.db import Error, connection
from django.db.models import QuerySet

from accounts.domain.imports.cells.texts import Cell, as_text
from accounts.domain.imports.changes import CellChange
from accounts.domain.imports.rows import RowError
from accounts.models import Import
from accounts.services.imports.rows import parts
from accounts.services.imports.running import Listener, Tally
from accounts.services.imports.undo.journal import Entry

MAX_ERRORS = 1000
COUNTS = ("created", "updated", "unchanged", "bad_rows", "emptied")
# Also while a large workbook is opened or the machine is busy: who is silent longer has died.
BEAT_SECONDS = 10.0
Clock = Callable[[], dt.datetime]


class Stopped(Exception):
    """Somebody cancelled the import, or another worker has it by now."""


def mine(row: Import) -> QuerySet[Import]:
    """The import while nobody else took it up."""
    return Import.objects.filter(pk=row.pk, times_taken_up=row.times_taken_up)


@contextmanager
def beating(row: Import, clock: Clock) -> Iterator[None]:
    """Says of the import that its process lives."""
    done = threading.Event()

    def beat() -> None:
        while not done.wait(BEAT_SECONDS):
            with suppress(Error):
                connection.close_if_unusable_or_obsolete()
                mine(row).filter(finished_at__isnull=True).update(progress_at=clock())
        connection.close()

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


class Recorder(Listener):
    """Writes how far the import is after each batch, where its page reads it."""

    def __init__(self, row: Import, clock: Clock, *, also: Listener | None = None) -> None:
        self.row = row
        self.clock = clock
        # Who hears of the errors and the progress, too.
        self.also = also
        self.errors: list[list[object]] = []
        self._bad: list[list[object]] = []

    def opened(self, header: Sequence[str], titles: Sequence[Cell]) -> None:
        self.row.columns = [
            [name, as_text(title)] for name, title in zip(header, titles, strict=True)
        ]
        self.row.save(update_fields=["columns"])

    def error(self, error: RowError, cells: Sequence[Cell] = ()) -> None:
        if self.also:
            self.also.error(error, cells)
        if len(self.errors) < MAX_ERRORS:
            self.errors.append(stored(error))
        self._bad.append([*stored(error), [as_text(cell) for cell in cells]])

    def changed(self, changes: Sequence[CellChange]) -> None:
        parts.keep(self.row, parts.Kind.CHANGES, changes)

    def begin(self) -> None:
        """Not where it was cancelled, or where another worker took it for lost."""
        if not list(self._mine().select_for_update(of=("self",)).values_list("pk")):
            raise Stopped

    def written(self, entries: Sequence[Entry]) -> None:
        parts.keep(self.row, parts.Kind.UNDO, entries)

    def progress(self, tally: Tally) -> None:
        if self.also:
            self.also.progress(tally)
        self.take(tally)
        parts.keep(self.row, parts.Kind.BAD, self._bad)
        self._bad = []
        counts = {name: getattr(self.row, name) for name in ("rows_read", "rows_total", *COUNTS)}
        if not self._mine().update(progress_at=self.clock(), **counts):
            raise Stopped

    def _mine(self) -> QuerySet[Import]:
        return mine(self.row).filter(state=Import.State.RUNNING)

    def take(self, tally: Tally) -> None:
        self.row.rows_read, self.row.rows_total = tally.read, tally.total
        self.row.created, self.row.updated = tally.created, tally.updated
        self.row.unchanged, self.row.bad_rows = tally.unchanged, tally.bad
        self.row.emptied = tally.emptied


def stored(error: RowError) -> list[object]:
    return [error.line, error.field, error.reason.code, dict(error.reason.params)]
