"""The command line of the exports."""

from __future__ import annotations

import csv
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError

from accounts.domain.imports.file_columns import FileKind
from accounts.queries.exports import exported


class ExportCommand(BaseCommand):
    kind: ClassVar[FileKind]

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--out", type=Path, help="a file; without it, standard output")

    def handle(self, *args: Any, out: Path | None, **options: Any) -> None:
        if out is None:
            csv.writer(self.stdout).writerows(exported(self.kind))
            return
        try:
            with out.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows(exported(self.kind))
        except OSError as fault:
            raise CommandError(f"{out}: {fault.strerror}") from fault
