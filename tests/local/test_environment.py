from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from local import environment, packages
from local.trouble import Trouble

RUN = "requirements.txt"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout with a real, empty environment."""
    root = tmp_path_factory.mktemp("checkout")
    (root / RUN).write_text("# nothing\n")
    environment.prepare(RUN, root=root)
    return root


def test_a_set_up_environment_is_left_alone(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    python = environment.prepare(RUN, root=root)

    assert python == root / ".venv" / "bin" / "python"
    assert capsys.readouterr().out == ""


def test_changed_requirements_are_installed(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / RUN).write_text("# still nothing\n")

    environment.prepare(RUN, root=root)

    assert capsys.readouterr().out == (
        "Installing 0 packages from requirements.txt: a minute or two ...\n"
    )


def test_development_requirements_are_asked_for_separately(root: Path) -> None:
    (root / "requirements-dev.txt").write_text("# nothing\n")
    venv = root / ".venv"

    assert environment.is_current(venv, requirements=RUN, root=root)
    assert not environment.is_current(venv, requirements="requirements-dev.txt", root=root)


def test_a_moved_environment_is_not_used(root: Path, tmp_path: Path) -> None:
    moved = tmp_path / "moved"
    shutil.copytree(root, moved, symlinks=True)

    assert environment.is_usable(root / ".venv")
    assert not environment.is_current(moved / ".venv", requirements=RUN, root=moved)
    assert not environment.is_usable(moved / ".venv")


def test_an_environment_whose_python_is_gone_is_not_current(root: Path, tmp_path: Path) -> None:
    python = root / ".venv" / "bin" / "python"
    aside = tmp_path / "python"
    python.rename(aside)
    try:
        assert not environment.is_current(root / ".venv", requirements=RUN, root=root)
        assert not environment.is_usable(root / ".venv")
    finally:
        aside.rename(python)


def test_missing_requirements_say_how_to_get_them_back(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match=r"git checkout requirements\.txt"):
        environment.fingerprint(RUN, root=tmp_path)


def test_an_index_out_of_reach_is_told_with_the_last_lines_of_pip(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_RETRIES", "1")
    for name in ("PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    (root / "absent.txt").write_text(f"koe-absent==1.0 --hash=sha256:{'0' * 64}\n")

    with pytest.raises(Trouble) as caught:
        environment.install(root / ".venv", requirements="absent.txt", root=root)

    first, *rest = str(caught.value).splitlines()
    assert first == (
        "The packages could not be installed: the package index cannot be reached. "
        "Check the network and start again. pip's last lines:"
    )
    assert any("koe-absent" in line for line in rest)


def test_a_full_disk_is_recognised_in_what_pip_says() -> None:
    said = "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device"

    assert packages.pip_trouble(said).splitlines() == [
        "The packages could not be installed: the disk is full. Free some space and start again. "
        "pip's last lines:",
        f"  {said}",
    ]


def test_a_python_without_venv_names_the_package_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(packages.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(packages, "may_apt", lambda: False)
    version = f"{sys.version_info.major}.{sys.version_info.minor}"

    with pytest.raises(Trouble, match=rf"sudo apt-get install python{version}-venv$"):
        packages.venv_module()


def test_the_development_file_holds_every_pin_of_the_running_one() -> None:
    running = pins(environment.ROOT / RUN)

    assert running
    assert running - pins(environment.ROOT / "requirements-dev.txt") == set()


def pins(path: Path) -> set[str]:
    lines = (line.rstrip(" \\") for line in path.read_text().splitlines())
    return {line for line in lines if "==" in line and not line.startswith(("#", " "))}
