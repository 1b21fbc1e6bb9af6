from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from common.databases.backup import restore
from common.databases.tables import DatabaseError

PROOFS = ("check_frequency_cap", "check_deliveries", "check_audit_log")


class Command(BaseCommand):
    help = "Put a backup back, and prove it; ends with 1 where a promise does not hold in it."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--overwrite", action="store_true", help="what is there may be lost")
        parser.add_argument(
            "--other-key", action="store_true", help="the key of the backup is lost; go on without"
        )

    def handle(
        self, *args: Any, file: Path, overwrite: bool, other_key: bool, **options: Any
    ) -> None:
        try:
            made = restore(
                file.resolve(), overwrite=overwrite, other_key=other_key, now=timezone.now()
            )
        except (DatabaseError, OSError) as error:
            raise CommandError(f"Nothing was restored: {error}") from error
        rows = sum(made.tables.values())
        self.stdout.write(f"Restored what Koe knew at {made.made_at}: {rows:,} rows.")
        holds = [self._holds(name) for name in PROOFS]
        if not all(holds):
            sys.exit(1)
        self.stdout.write(
            "Campaigns that ran are paused: e-mails that left since the backup would leave again. "
            "docs/backup.md says how to find them before you resume."
        )

    def _holds(self, name: str) -> bool:
        self.stdout.write(f"{name}: ", ending="")
        try:
            call_command(name, stdout=self.stdout, stderr=self.stderr)
        except SystemExit:
            return False
        return True
