from __future__ import annotations

import errno
from pathlib import Path

import pytest

from local import errors


def test_a_disk_too_full_stops_the_set_up_before_it_starts() -> None:
    with pytest.raises(errors.SetupError) as caught:
        errors.need_space(Path("/srv/koe"), 1_500_000_000, free=200_000_000)

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

    assert errors.exit_code_of(fill) == 1
    assert capsys.readouterr().err == "The disk is full. Free some space and start again.\n"


def test_a_missing_right_names_the_place() -> None:
    error = OSError(errno.EACCES, "Permission denied", "/srv/koe/.venv")

    assert errors.sentence_of(error) == (
        "Koe may not write at /srv/koe/.venv (Permission denied). "
        "Start it as the owner of its folder."
    )
