from __future__ import annotations

import json
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

from common.databases.archive import (
    MANIFEST,
    Manifest,
    beside,
    digest_of,
    extract,
    fingerprint,
    opened,
    write,
)
from common.databases.tables import DatabaseError

MADE = Manifest("2026-11-24T09:00:00+00:00", "sqlite", {"t": 3}, ["a.0001"], "", "")


@pytest.fixture
def made(tmp_path: Path) -> Path:
    out = tmp_path / "koe.backup"
    with beside(out) as folder:
        dump = folder / "database"
        dump.write_bytes(b"rows" * 1000)
        manifest = replace(MADE, key=fingerprint("secret"), digest=digest_of(dump))
        write(out, dump=dump, manifest=manifest, key=None)
    return out


def test_what_was_written_is_read(made: Path, tmp_path: Path) -> None:
    with opened(made) as (manifest, key, dump):
        extract(dump, tmp_path / "out", manifest=manifest)

    assert key is None
    assert (manifest.tables, manifest.migrations) == ({"t": 3}, ["a.0001"])
    assert (tmp_path / "out").read_bytes() == b"rows" * 1000
    assert {path.name for path in tmp_path.iterdir()} == {"koe.backup", "out"}
    assert (made.stat().st_mode & 0o777, (tmp_path / "out").stat().st_mode & 0o777) == (0o600,) * 2


def test_a_write_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    out = tmp_path / "koe.backup"
    with beside(out) as folder, pytest.raises(FileNotFoundError):
        write(out, dump=folder / "database", manifest=MADE, key=None)

    assert list(tmp_path.iterdir()) == []


def test_what_is_cut_damaged_or_of_another_format_is_refused(made: Path, tmp_path: Path) -> None:
    whole = made.read_bytes()
    for name, content in (("cut", whole[:700]), ("none", b""), ("other", b"PK\3\4" + bytes(2000))):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(DatabaseError, match="no whole backup"), opened(tmp_path / name):
            pass

    with opened(made) as (manifest, _, dump), pytest.raises(DatabaseError, match="damaged"):
        extract(dump, tmp_path / "out", manifest=replace(manifest, digest="0" * 64))

    later = tmp_path / "later"
    (tmp_path / MANIFEST).write_text(json.dumps({**vars_of(manifest), "format": 2}))
    with tarfile.open(later, "w") as tar:
        tar.add(tmp_path / MANIFEST, MANIFEST)
    with pytest.raises(DatabaseError, match="format 2"), opened(later):
        pass


def vars_of(manifest: Manifest) -> dict[str, object]:
    return {name: getattr(manifest, name) for name in Manifest.__slots__}


def test_a_fingerprint_tells_keys_apart_and_is_no_key() -> None:
    assert fingerprint("a" * 50) == fingerprint("a" * 50) != fingerprint("b" * 50)
    assert "a" * 50 not in fingerprint("a" * 50)
