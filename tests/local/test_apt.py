from __future__ import annotations

from pathlib import Path

import pytest

from local import apt

UNKNOWN = "[ -e updated ] || [ $1 = update ]"
"""Of a machine that knows no packages until it is updated."""


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """All the programs there are, and where they write down how they were called."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("os.geteuid", lambda: 0)
    return tmp_path


def program(folder: Path, name: str, ending: str) -> None:
    path = folder / name
    path.write_text(
        f'#!/bin/sh\necho "{name} $@" >>calls\n[ "$1" = update ] && : >updated\n{ending}\n'
    )
    path.chmod(0o755)


def calls(folder: Path) -> list[str]:
    return (folder / "calls").read_text().splitlines()


def test_packages_are_installed_without_a_question(path: Path, capsys) -> None:
    program(path, "apt-get", '[ "$DEBIAN_FRONTEND" = noninteractive ]')

    assert apt.install("gettext", "fonts")
    assert calls(path) == ["apt-get install -y --no-install-recommends gettext fonts"]
    assert capsys.readouterr().out == "Installing gettext, fonts through apt-get ...\n"


def test_a_machine_that_knows_no_packages_is_updated_first(path: Path) -> None:
    program(path, "apt-get", UNKNOWN)

    assert apt.install("gettext")
    wanted = "apt-get install -y --no-install-recommends gettext"
    assert calls(path) == [wanted, "apt-get update", wanted]


def test_an_install_that_fails_is_no_more_than_false(path: Path) -> None:
    program(path, "apt-get", "exit 100")

    assert not apt.install("gettext")


def test_nothing_is_tried_without_apt(path: Path, capsys) -> None:
    assert not apt.install("gettext")
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("may", [True, False])
def test_whoever_is_not_root_is_asked_for_no_password(path: Path, monkeypatch, may: bool) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    program(path, "apt-get", "exit 0")
    program(path, "sudo", f"exit {int(not may)}")

    assert apt.install("gettext") is may
    asked, *done = calls(path)
    assert asked == "sudo -n true"
    assert done == ["sudo -n apt-get install -y --no-install-recommends gettext"] * may


def test_who_is_not_root_and_has_no_sudo_may_not(path: Path, monkeypatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    program(path, "apt-get", "exit 0")

    assert not apt.install("gettext")
    assert not (path / "calls").exists()
