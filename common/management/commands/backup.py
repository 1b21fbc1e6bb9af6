from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from common.databases.backup import NAME, backup, forget_old, keeps_own_key
from common.databases.tables import DatabaseError


class Command(BaseCommand):
    help = "Keep all that Koe knows in one file, beside all that runs."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--out", type=Path, help="the file (var/backups/koe-TIME.backup)")
        parser.add_argument("--keep", type=int, help="remove all but so many, once it is made")

    def handle(self, *args: Any, out: Path | None, keep: int | None, **options: Any) -> None:
        if keep is not None and keep < 1:
            raise CommandError("--keep must be 1 or more: this backup is one of them.")
        now = timezone.now()
        path = (out or settings.VAR_DIR / "backups" / NAME.format(now)).resolve()
        try:
            made = backup(path, now=now)
        except (DatabaseError, OSError) as error:
            raise CommandError(f"There is no backup: {error}") from error
        rows = sum(made.tables.values())
        self.stdout.write(f"{path}: {len(made.tables)} tables, {rows:,} rows, {_size(path)}")
        self._say_where_the_key_is()
        for old in forget_old(path.parent, keep=keep) if keep else []:
            self.stdout.write(f"{old} is removed.")

    def _say_where_the_key_is(self) -> None:
        if keeps_own_key():
            said = "The key is in it, since Koe made its own: who has this file opens all of it."
        else:
            said = "SECRET_KEY is not in it: keep it elsewhere, without it no link works again."
        self.stdout.write(said)


def _size(path: Path) -> str:
    return f"{path.stat().st_size / 1e6:,.1f} MB"
