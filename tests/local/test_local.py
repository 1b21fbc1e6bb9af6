from __future__ import annotations

import ast
import errno
import subprocess
from pathlib import Path

import pytest

from local import local, trouble
from local.commands import COMMANDS
from local.environment import ROOT

SOURCE = ROOT / "local" / "local.py"


def test_local_can_be_read_by_an_old_python() -> None:
    ast.parse(SOURCE.read_text(), feature_version=(3, 6))
    assert "annotations" not in SOURCE.read_text().partition("import os")[0]


def test_an_old_python_is_told_what_to_install(capsys: pytest.CaptureFixture[str]) -> None:
    code = local.main(["run"], version=(3, 9), find=lambda: None)

    assert code == 1
    assert capsys.readouterr().err == (
        "Koe needs Python 3.11 or newer; this is Python 3.9 and no newer one is on the PATH. "
        "On Debian 12, Ubuntu 24.04 or later: sudo apt-get install python3 python3-venv\n"
    )


def test_an_old_python_hands_over_to_a_newer_one(tmp_path: Path) -> None:
    newer = tmp_path / "newer"
    newer.write_text('#!/bin/sh\necho "$@"\n')
    newer.chmod(0o755)
    script = (
        "import sys; sys.path.insert(0, '.'); from local import local;"
        f"local.main(['test', '-k', 'x'], version=(3, 6), find=lambda: {str(newer)!r})"
    )

    said = subprocess.check_output(["python3", "-c", script], cwd=ROOT, text=True)

    assert said == f"{SOURCE} test -k x\n"


def test_every_target_of_the_makefile_is_a_command() -> None:
    said = subprocess.check_output(["make", "--no-print-directory", "help"], cwd=ROOT, text=True)

    # `faults` is `test` with the folder named.
    assert {line.split()[1] for line in said.splitlines()} == {*COMMANDS, "faults"}


def test_an_unknown_command_is_refused() -> None:
    result = subprocess.run(["python3", SOURCE, "fly"], capture_output=True, text=True, check=False)

    assert result.returncode == 2
    assert result.stderr == "usage: local/local.py run|test|fmt|check|bench|lock|messages\n"


def test_a_disk_too_full_stops_the_set_up_before_it_starts() -> None:
    with pytest.raises(trouble.Trouble) as caught:
        trouble.need_space(Path("/srv/koe"), 1_500_000_000, free=200_000_000)

    assert str(caught.value) == (
        "The disk is too full: /srv/koe has 200 MB left and Koe needs 1,500 MB. "
        "Free some space and start again."
    )


def test_a_disk_that_fills_up_on_the_way_is_one_sentence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fill() -> int:
        with Path("/dev/full").open("w") as full:
            full.write("x")
        return 0

    assert trouble.tell(fill) == 1
    assert capsys.readouterr().err == "The disk is full. Free some space and start again.\n"


def test_a_missing_right_names_the_place() -> None:
    error = OSError(errno.EACCES, "Permission denied", "/srv/koe/.venv")

    assert trouble.sentence_of(error) == (
        "Koe may not write at /srv/koe/.venv (Permission denied). "
        "Start it as the owner of its folder."
    )
