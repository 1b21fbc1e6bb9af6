"""One at a time, across processes and machines; a process that dies holds nothing on."""

from __future__ import annotations

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.conf import settings
from django.db import connection


@contextmanager
def only_one(what: str) -> Iterator[bool]:
    """Whether nobody else is at it; nobody waits."""
    lock = _in_database(what) if connection.vendor == "postgresql" else _in_folder(what)
    with lock as is_free:
        yield is_free


@contextmanager
def _in_database(what: str) -> Iterator[bool]:
    digest = hashlib.sha256(what.encode()).digest()
    number = int.from_bytes(digest[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
        [is_free] = cursor.fetchone()
    try:
        yield is_free
    finally:
        if is_free:
            with suppress(Exception), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [number])


@contextmanager
def _in_folder(what: str) -> Iterator[bool]:
    """With SQLite all processes are on one machine."""
    folder = settings.VAR_DIR / "locks"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / what.replace(" ", "-")).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
