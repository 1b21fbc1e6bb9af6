from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common.databases.move import move
from common.databases.tables import DatabaseError
from common.progress import Progress


class Command(BaseCommand):
    help = (
        "Copy this database into an empty one, such as SQLite to PostgreSQL, and prove both equal. "
        "Stop Koe first; what is tried to be written meanwhile is refused."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("url", help="postgres://user:password@host/name, sqlite:////path")

    def handle(self, *args: Any, url: str, **options: Any) -> None:
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
