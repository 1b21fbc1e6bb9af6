"""Files in the database: any machine may work on what another one took in, and a backup has them.

They are few and do not stay: uploads that wait for a worker. A library that reads a spreadsheet
wants a path, so `local_copy` lends one.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile, SpooledTemporaryFile
from typing import IO, Any

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import Storage
from django.db import transaction

from common.models import StoredChunk, StoredFile

CHUNK = 1024 * 1024


class DatabaseStorage(Storage):
    def exists(self, name: str) -> bool:
        return StoredFile.objects.filter(name=name).exists() or _of_before(name).is_file()

    def size(self, name: str) -> int:
        return StoredFile.objects.get(name=name).size

    def delete(self, name: str) -> None:
        StoredFile.objects.filter(name=name).delete()
        with suppress(FileNotFoundError):
            _of_before(name).unlink()

    def _save(self, name: str, content: File[Any]) -> str:
        with transaction.atomic():
            row = StoredFile.objects.create(name=name)
            for number, data in enumerate(content.chunks(CHUNK)):
                StoredChunk.objects.create(file=row, number=number, data=_as_bytes(data))
                row.size += len(data)
            row.save(update_fields=["size"])
        return name

    def _open(self, name: str, mode: str = "rb") -> File[Any]:
        file: IO[bytes] = SpooledTemporaryFile(max_size=CHUNK)  # noqa: SIM115 - its reader closes it
        _write(name, file)
        file.seek(0)
        return File(file, name=name)


@contextmanager
def local_copy(name: str) -> Iterator[Path]:
    """As long as it is read; FileNotFoundError where it is gone."""
    if _of_before(name).is_file():
        yield _of_before(name)
        return
    with NamedTemporaryFile(prefix="koe-") as file:
        _write(name, file)
        file.flush()
        yield Path(file.name)


def _write(name: str, to: IO[bytes]) -> None:
    row = StoredFile.objects.filter(name=name).first()
    if row is None:
        raise FileNotFoundError(name)
    for chunk in row.chunks.iterator(chunk_size=1):
        to.write(bytes(chunk.data))


def _of_before(name: str) -> Path:
    """Where files were until they stood in the database."""
    return Path(settings.MEDIA_ROOT) / os.path.normpath(f"/{name}").lstrip("/")


def _as_bytes(data: bytes | str) -> bytes:
    return data.encode() if isinstance(data, str) else data
