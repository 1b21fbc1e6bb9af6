"""The command line of the exports."""

from __future__ import annotations

import csv
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError

from accounts.domain.imports.file_columns import FileKind
from accounts.queries.exports import Line, exported


class ExportCommand(BaseCommand):
    kind: ClassVar[FileKind]

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--out", type=Path, help="a file; without it, standard output")

    def lines(self) -> Iterator[Line]:
        return exported(self.kind)

    def handle(self, *args: Any, out: Path | None, **options: Any) -> None:
        if out is None:
            csv.writer(self.stdout).writerows(self.lines())
            return
        try:
            with out.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows(self.lines())
        except OSError as fault:
            raise CommandError(f"{out}: {fault.strerror}") from fault
