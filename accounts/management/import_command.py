"""The command line of the imports."""

from __future__ import annotations

import signal
import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.domain.imports.cells.texts import Cell
from accounts.domain.imports.file_columns import FileKind
from accounts.domain.imports.rows import RowError
from accounts.services.imports import uploads
from accounts.services.imports.reading.files import FileRefused, Told
from accounts.services.imports.running import Listener, Options, Tally
from common.progress import Progress

# On a screen more lines than this only scroll the first ones away; a file or pipe gets all.
SCREEN_LINES = 50


class ImportCommand(BaseCommand):
    kind: ClassVar[FileKind]

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a CSV or XLSX file")
        parser.add_argument(
            "--dry-run", action="store_true", help="check and count, but write nothing"
        )
        parser.add_argument(
            "--skip-bad-rows",
            action="store_true",
            help="write the good rows even if others are bad",
        )
        parser.add_argument(
            "--zeros-count",
            action="store_true",
            help="00101 and 101 are two customers; else the second of them is a bad row",
        )
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            type=_said,
            metavar="COLUMN=FIELD",
            help=(
                "what a column means where its header is not recognised: a field, 'attribute' to "
                "keep it under its own name, '-' to leave it out; may be given several times"
            ),
        )

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        listener = _Screen(self)
        wanted = Options(
            dry_run=options["dry_run"],
            skip_bad_rows=options["skip_bad_rows"],
            columns=dict(options["map"]),
            zeros_count=options["zeros_count"],
        )
        try:
            with _ended_by_sigterm():
                tally, number = uploads.run_here(
                    file, kind=self.kind, options=wanted, clock=timezone.now, also=listener
                )
        except (FileRefused, OSError) as fault:
            raise CommandError(f"{file}: {_sentence(fault)}") from fault
        finally:
            listener.close()
        for line in _told(tally.told):
            self.stdout.write(line)
        # The number that `undo_import` takes, where there is something to take back.
        wrote = f" (import {number})" if number and tally.created + tally.updated else ""
        self.stdout.write(_summary(self.kind, tally, dry_run=wanted.dry_run) + wrote)
        if not tally.complete:
            raise SystemExit(1)


@contextmanager
def _ended_by_sigterm() -> Iterator[None]:
    """As by Ctrl-C: what a stopped import wrote is taken back before the process ends."""

    def end(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _said(text: str) -> tuple[str, str]:
    column, equals, field = text.rpartition("=")
    if not equals or not column.strip() or not field.strip():
        raise ArgumentTypeError(f"{text!r} is not COLUMN=FIELD")
    return column.strip(), field.strip()


def _told(told: Told) -> Iterator[str]:
    """What of the file was read, where that does not go without saying."""
    others = [*told.other_sheets, *(f"{name} (hidden)" for name in told.hidden_sheets)]
    if others:
        yield f"sheet {told.sheet!r} was read; not read: {', '.join(others)}"
    if told.rows_above:
        yield f"{told.rows_above} rows above the header were passed"
    if told.hidden_rows:
        yield f"{told.hidden_rows} hidden rows were read, too"


def _sentence(fault: Exception) -> str:
    return str(getattr(fault, "strerror", None) or fault)


def _summary(kind: FileKind, tally: Tally, *, dry_run: bool) -> str:
    counts = ("read", "created", "updated", "unchanged", "bad", "emptied")
    text = ", ".join(f"{getattr(tally, count)} {count}" for count in counts)
    if dry_run:
        return f"{kind}: {text} (dry run: nothing was written)"
    return f"{kind}: {text}{' (nothing was written)' if tally.refused else ''}"


class _Screen(Listener):
    """Errors on stderr, and how far it is there while it is a terminal."""

    def __init__(self, command: BaseCommand) -> None:
        self.stderr = command.stderr
        self.on_terminal = sys.stderr.isatty()
        self.errors = 0
        self.line = Progress(sys.stderr, unit="rows")

    def error(self, error: RowError, cells: Sequence[Cell] = ()) -> None:
        self.errors += 1
        if self.on_terminal and self.errors > SCREEN_LINES:
            return
        self.line.clear()
        self.stderr.write(str(error))

    def progress(self, tally: Tally) -> None:
        done = tally.created + tally.updated + tally.unchanged + tally.bad
        self.line.show(tally.read if tally.total is None else done, tally.total)

    def close(self) -> None:
        self.line.clear()
        hidden = self.errors - SCREEN_LINES
        if self.on_terminal and hidden > 0:
            self.stderr.write(f"and {hidden} more; write stderr to a file to see them all")
