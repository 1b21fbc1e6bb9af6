from __future__ import annotations

from pathlib import Path

import pytest

from tests.servers import machine


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """All the programs there are."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(machine, "PLAYWRIGHT_BROWSERS", tmp_path / "ms-playwright")
    return tmp_path


def program(path: Path, ending: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{ending}\n")
    path.chmod(0o755)
    return str(path)


def test_a_chromium_that_only_says_to_install_a_snap_is_none(path: Path) -> None:
    program(path / "chromium", "exit 1")
    assert machine.chromium() is None

    ours = program(path / "ms-playwright" / "chromium-1" / "chrome-linux" / "chrome", "exit 0")
    assert machine.chromium() == ours

    installed = program(path / "google-chrome", "exit 0")
    assert machine.chromium() == installed


def test_a_japanese_font_is_one_that_is_listed(path: Path) -> None:
    assert not machine.has_japanese_font()

    program(path / "fc-list", 'echo "no font for" >&2')
    assert not machine.has_japanese_font()

    program(path / "fc-list", '[ "$1" = :lang=ja ] && echo "/fonts/ipag.ttf: IPAGothic"')
    assert machine.has_japanese_font()


def test_the_programs_of_postgresql_stand_where_initdb_does(path: Path) -> None:
    program(path / "initdb", "exit 0")
    program(path / "postgres", "exit 0")

    assert machine.postgres_programs() == path
