from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from local import ROOT


def make(*arguments: str, path: Path) -> subprocess.CompletedProcess[str]:
    """`make` with nothing on the PATH but the programs of that folder."""
    program = shutil.which("make")
    assert program
    return subprocess.run(
        [program, "--no-print-directory", *arguments],
        cwd=ROOT,
        env={"PATH": str(path), "HOME": str(path)},
        capture_output=True,
        text=True,
        check=False,
    )


def python(folder: Path, name: str, *, old: bool) -> None:
    program = folder / name
    # Asked for its version first, and then told what to run.
    program.write_text(f'#!/bin/sh\n[ "$1" = -c ] && exit {int(old)}\necho {name} "$@"; exit 3\n')
    program.chmod(0o755)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "sh").symlink_to("/bin/sh")
    return tmp_path


@pytest.mark.parametrize("target", ["run", "test"])
def test_an_old_python_is_told_what_to_install(path: Path, target: str) -> None:
    python(path, "python3", old=True)

    result = make(target, path=path)

    assert result.returncode != 0
    assert result.stderr.splitlines()[0] == (
        "Koe needs Python 3.11 or newer and found none. "
        "On Debian 12, Ubuntu 24.04 or later: sudo apt-get install python3 python3-venv"
    )


def test_a_newer_python_is_taken_where_the_first_is_too_old(path: Path) -> None:
    python(path, "python3", old=True)
    python(path, "python3.12", old=False)

    assert make("run", path=path).stdout == "python3.12 -m local.setup requirements-local.txt\n"
    assert make("test", path=path).stdout == "python3.12 -m local.setup requirements-dev.txt\n"


def test_every_target_has_its_line_of_help() -> None:
    said = subprocess.check_output(["make", "--no-print-directory", "help"], cwd=ROOT, text=True)
    phony = next(
        line for line in (ROOT / "Makefile").read_text().splitlines() if line.startswith(".PHONY")
    )

    targets = {line.split()[1] for line in said.splitlines()}
    assert targets == set(phony.split()[1:]) - {"help", "$(CHECKS)"}


def test_a_check_that_fails_keeps_the_others_from_nothing(tmp_path: Path) -> None:
    """As `make check` calls them, with two of the checks replaced."""
    makefile = tmp_path / "Makefile"
    makefile.write_text(
        f"include {ROOT}/Makefile\nCHECKS := one two\none:\n\t@exit 1\ntwo:\n\t@echo two\n"
        "MAKEFILE_LIST := Makefile\n"
    )

    result = subprocess.run(
        ["make", "-f", str(makefile), f"MAKE=make -f {makefile}", "check"],
        cwd=ROOT,
        env={**os.environ, "MAKEFLAGS": ""},
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode != 0
    assert "two\n" in result.stdout
    assert "Every check passed" not in result.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["restore", "kept"], 'manage.py restore "kept"'),
        (["restore", "FILE=kept", "OVERWRITE=yes"], 'manage.py restore "kept" --overwrite'),
        (["restore", "kept", "OVERWRITE=no"], 'manage.py restore "kept"'),
        (["backup"], "manage.py backup"),
        (["backup", "OUT=kept"], 'manage.py backup --out "kept"'),
    ],
)
def test_a_backup_is_named_as_the_contract_has_it(words: list[str], said: str) -> None:
    shown = subprocess.check_output(
        ["make", "--no-print-directory", "-n", *words], cwd=ROOT, text=True
    )

    assert any(line.rstrip().endswith(said) for line in shown.splitlines())


def test_a_backup_that_is_not_there_is_said_before_anything_is_set_up() -> None:
    done = subprocess.run(
        ["make", "--no-print-directory", "restore", "gone"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode != 0
    assert done.stderr.startswith("There is no such file. Say which: make restore var/backups/")
