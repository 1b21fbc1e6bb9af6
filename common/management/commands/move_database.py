from __future__ import annotations

import os
import sys
from typing import Any
from urllib.parse import urlsplit

from django.core.management.base import BaseCommand, CommandError

from common.databases.move import move
from common.databases.tables import DatabaseError
from common.progress import Progress
from common.secrets.typed import typed

TARGET = "TARGET_DATABASE_URL"

TARGET = "TARGET_DATABASE_URL"


class Command(BaseCommand):
    help = (
        "Copy this database into an empty one, such as SQLite to PostgreSQL, and prove both equal. "
        "Stop Koe first; what is tried to be written meanwhile is refused."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "url",
            nargs="?",
            default="",
            help="postgres://user@host/name or sqlite:////path; without, TARGET_DATABASE_URL,"
            " - reads it from standard input. Others see how it was called: no password.",
        )

    def _target(self, given: str) -> str:
        found = typed(given or os.environ.get(TARGET, ""))
        if not found:
            raise CommandError(f"Where to? Set {TARGET}, or write the address to standard input.")
        if given not in ("", "-") and urlsplit(given).password:
            self.stderr.write(
                f"Whoever is on this machine can read that password: next time set {TARGET},"
                " or write the address to standard input (move_database -)."
            )
        return found

    def handle(self, *args: Any, url: str, **options: Any) -> None:
        url = self._target(url)
        progress = Progress(sys.stderr, unit="rows")
        try:
            moved = move(url, show=progress.show)
        except (DatabaseError, OSError) as error:
            progress.clear()
            raise CommandError(f"Nothing was moved: {error}") from error
        progress.clear()
        for each in moved:
            if each.rows:
                self.stdout.write(f"{each.table} rows={each.rows} checksum={each.checksum[:16]}")
        self.stdout.write(f"tables={len(moved)} rows={sum(each.rows for each in moved)} equal")
        self.stdout.write("Set DATABASE_URL to it, keep SECRET_KEY as it is, and start Koe.")
