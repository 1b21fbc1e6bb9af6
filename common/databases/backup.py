"""Keeping the whole of Koe in one file, and putting it back."""

from __future__ import annotations

import datetime as dt
import gzip
import os
import shutil
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.dispatch import Signal

from common.databases import archive, postgres, sqlite
from common.databases.archive import Manifest
from common.databases.tables import MIGRATIONS, DatabaseError, applied, counts, known

NAME = "koe-{:%Y%m%dT%H%M%SZ}.backup"
PATTERN = "koe-????????T??????Z.backup"
# Filled by every migration, whether anybody ever worked here or not.
OF_DJANGO = {MIGRATIONS, "django_content_type", "auth_permission"}
# What left since the moment of the backup is known no more: sent with `made_at` and `now`.
restored = Signal()


def backup(out: Path, *, now: dt.datetime) -> Manifest:
    """Beside all that runs; the file is whole, or is not there."""
    connection = connections["default"]
    with archive.beside(out) as folder:
        dumped = folder / archive.DUMP
        tables = _of(connection).dump(connection, dumped)
        dumped = _packed(dumped) if connection.vendor == "sqlite" else dumped
        manifest = Manifest(
            made_at=now.astimezone(dt.UTC).isoformat(),
            vendor=connection.vendor,
            tables=tables,
            migrations=applied(connection),
            key=archive.fingerprint(settings.SECRET_KEY),
            digest=archive.digest_of(dumped),
        )
        archive.write(out, dump=dumped, manifest=manifest, key=_own_key())
    return manifest


def forget_old(folder: Path, *, keep: int) -> list[Path]:
    """All but the newest of those that have our names."""
    old = sorted(folder.glob(PATTERN))[:-keep]
    for path in old:
        path.unlink()
    return old


def restore(path: Path, *, overwrite: bool, other_key: bool, now: dt.datetime) -> Manifest:
    """Everything is checked before anything is touched."""
    connection = connections["default"]
    # In a container there is no other folder that can be written.
    room = settings.VAR_DIR / "backups" / "restore"
    with archive.opened(path) as (manifest, key, dump), archive.beside(room) as folder:
        _check(manifest, key, connection, overwrite=overwrite, other_key=other_key)
        dumped = folder / archive.DUMP
        archive.extract(dump, dumped, manifest=manifest)
        if connection.vendor == "sqlite":
            dumped = _unpacked(dumped)
        with _alone(connection):
            _of(connection).load(connection, dumped, expected=manifest.tables)
    if key is not None and keeps_own_key():
        _keep_key(key)
    call_command("migrate", verbosity=0, interactive=False)
    made_at = dt.datetime.fromisoformat(manifest.made_at)
    restored.send(sender=Manifest, made_at=made_at, now=now)
    return manifest


def is_empty(connection: BaseDatabaseWrapper) -> bool:
    return not any(rows for table, rows in counts(connection).items() if table not in OF_DJANGO)


def _check(
    manifest: Manifest,
    key: str | None,
    connection: BaseDatabaseWrapper,
    *,
    overwrite: bool,
    other_key: bool,
) -> None:
    if manifest.vendor != connection.vendor:
        raise DatabaseError(
            f"The backup is of {manifest.vendor}, this database is {connection.vendor}: restore it "
            "there, then move it with manage.py move_database."
        )
    if later := sorted(set(manifest.migrations) - known() - _of_packages_gone(manifest)):
        raise DatabaseError(f"The backup is of a later version of Koe, which has {later[0]}.")
    if not (other_key or (key is not None and keeps_own_key()) or _is_known(manifest.key)):
        raise DatabaseError(
            "The backup was made with another SECRET_KEY: with this one its links, its sealed "
            "secrets and the proof of its audit log end. Set that key, or say --other-key."
        )
    if not overwrite and not is_empty(connection):
        raise DatabaseError(
            "This database is not empty: what stands in it would be lost. Say --overwrite "
            "(make restore FILE OVERWRITE=yes) if that is meant."
        )


def _of_packages_gone(manifest: Manifest) -> set[str]:
    """Migrations of packages that Koe no longer has say nothing of its version."""
    return {each for each in manifest.migrations if each.partition(".")[0] not in apps.app_configs}


def _is_known(key: str) -> bool:
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return key in {archive.fingerprint(each) for each in keys}


def _own_key() -> str | None:
    return settings.SECRET_KEY if keeps_own_key() else None


def keeps_own_key() -> bool:
    """Whether no environment gives it, so that it stands in a file of Koe's alone."""
    return not os.environ.get("SECRET_KEY")


def _keep_key(key: str) -> None:
    new = settings.SECRET_KEY_FILE.with_suffix(".new")
    with open(new, "w", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
        file.write(key)
    os.replace(new, settings.SECRET_KEY_FILE)
    # What this process still writes of the audit log is sealed with the key that it belongs to.
    settings.SECRET_KEY = key


def _of(connection: BaseDatabaseWrapper) -> Any:
    return sqlite if connection.vendor == "sqlite" else postgres


def _alone(connection: BaseDatabaseWrapper) -> AbstractContextManager[None]:
    found: AbstractContextManager[None] = _of(connection).nobody_else(connection)
    return found


def _packed(plain: Path) -> Path:
    packed = plain.with_suffix(".gz")
    with plain.open("rb") as file, gzip.open(packed, "wb", compresslevel=3) as out:
        shutil.copyfileobj(file, out, archive.CHUNK)
    plain.unlink()
    return packed


def _unpacked(packed: Path) -> Path:
    plain = packed.with_suffix(".sqlite3")
    with gzip.open(packed) as file, plain.open("xb") as out:
        shutil.copyfileobj(file, out, archive.CHUNK)
    packed.unlink()
    return plain
