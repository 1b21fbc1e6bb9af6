"""A backup as a file: the dump of the database beside a manifest that proves it.

Everything that Koe keeps is in its database, but for the key that seals secrets and signs links.
A key that the environment gives stays out of it, so that a stolen backup does not open what is
sealed; its fingerprint says which key belongs to it. One that Koe made for itself is in it, since
nobody else has it.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from common.databases.tables import DatabaseError

FORMAT = 1
MANIFEST, DUMP, KEY = "manifest.json", "database", "secret_key"
CHUNK = 1024 * 1024
# No manifest of ours is longer.
LONGEST_MANIFEST = 10 * CHUNK


@dataclass(frozen=True, slots=True)
class Manifest:
    made_at: str
    vendor: str
    tables: dict[str, int]
    migrations: list[str]
    key: str
    """The fingerprint of the SECRET_KEY that was in use."""
    digest: str
    """SHA-256 of the dump."""
    format: int = FORMAT


def fingerprint(secret: str) -> str:
    """Tells keys apart and nothing of them."""
    return hmac.new(secret.encode(), b"koe.backup", hashlib.sha256).hexdigest()[:32]


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def beside(path: Path) -> Iterator[Path]:
    """A folder of our own on the same disk: what is made there is moved in one step, or is gone."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as folder:
        yield Path(folder)


def write(out: Path, *, dump: Path, manifest: Manifest, key: str | None) -> None:
    """Whole or not at all, for nobody but us to read; no file that is there is replaced."""
    made = dump.with_name("made")
    with open(made, "xb", opener=_private) as file:
        with tarfile.open(fileobj=file, mode="w") as tar:
            _add(tar, MANIFEST, json.dumps(asdict(manifest), indent=1).encode())
            if key is not None:
                _add(tar, KEY, key.encode())
            tar.add(dump, arcname=DUMP, filter=_plain)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(made, out)
    except FileExistsError:
        raise DatabaseError(f"{out} is there already: name another file.") from None
    _sync_folder(out.parent)


@contextmanager
def opened(path: Path) -> Iterator[tuple[Manifest, str | None, IO[bytes]]]:
    """Manifest, key where it is in it, and the dump to read from."""
    try:
        with tarfile.open(path, mode="r:") as tar:
            manifest = _manifest(tar)
            key = _text(tar, KEY) if KEY in tar.getnames() else None
            dump = tar.extractfile(DUMP)
            if dump is None:
                raise KeyError(DUMP)
            yield manifest, key, dump
    except (tarfile.TarError, KeyError, ValueError, TypeError, FileNotFoundError) as error:
        raise DatabaseError(f"{path} is no whole backup of Koe ({error}).") from error


def extract(dump: IO[bytes], to: Path, *, manifest: Manifest) -> None:
    with open(to, "xb", opener=_private) as file:
        while chunk := dump.read(CHUNK):
            file.write(chunk)
    if digest_of(to) != manifest.digest:
        raise DatabaseError("The backup is damaged: its content is not what its digest says.")


def _manifest(tar: tarfile.TarFile) -> Manifest:
    manifest = Manifest(**json.loads(_text(tar, MANIFEST)))
    if manifest.format != FORMAT:
        raise DatabaseError(
            f"The backup has format {manifest.format}; this version of Koe reads {FORMAT}."
        )
    return manifest


def _text(tar: tarfile.TarFile, name: str) -> str:
    file = tar.extractfile(name)
    if file is None:
        raise KeyError(name)
    return file.read(LONGEST_MANIFEST).decode()


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), 0o600
    tar.addfile(entry, io.BytesIO(content))


def _plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    entry.mode = 0o600
    return entry


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _sync_folder(folder: Path) -> None:
    """Else the name of the file may be lost with the power."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
