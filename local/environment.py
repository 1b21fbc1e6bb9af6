"""The virtual environment: made, filled from the pinned requirements, found broken and remade.

Runs on the machine's own Python, so only the standard library is there.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local import packages
from local.trouble import FIRST_SET_UP, Trouble, need_space

ROOT = Path(__file__).resolve().parent.parent
STAMP = "koe-requirements.json"
# The development file holds the running one line by line, so installing it covers both.
COVERS = {
    "requirements.txt": ["requirements.txt"],
    "requirements-dev.txt": ["requirements-dev.txt", "requirements.txt"],
}


def prepare(requirements: str, *, root: Path = ROOT) -> Path:
    """The Python of an environment in which `requirements` is installed."""
    venv = root / ".venv"
    with one_at_a_time(root / "var" / "setup.lock"):
        if is_current(venv, requirements=requirements, root=root):
            return venv / "bin" / "python"
        need_space(root, FIRST_SET_UP)
        if not is_usable(venv):
            make(venv)
        install(venv, requirements=requirements, root=root)
        write_stamp(venv, requirements=requirements, root=root)
    return venv / "bin" / "python"


@contextmanager
def one_at_a_time(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another set-up of Koe is at work here; waiting for it.", flush=True)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def fingerprint(requirements: str, *, root: Path) -> str:
    path = root / requirements
    if not path.is_file():
        raise Trouble(f"{path} is missing; get it back with: git checkout {requirements}")
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read_stamp(venv: Path) -> dict[str, str]:
    try:
        stamp = json.loads((venv / STAMP).read_text())
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def is_current(venv: Path, *, requirements: str, root: Path) -> bool:
    stamp = read_stamp(venv)
    if stamp.get("place") != str(venv) or not works(venv / "bin" / "python"):
        return False
    return stamp.get(requirements) == fingerprint(requirements, root=root)


def write_stamp(venv: Path, *, requirements: str, root: Path) -> None:
    stamp = {name: fingerprint(name, root=root) for name in COVERS[requirements]}
    text = json.dumps({**read_stamp(venv), **stamp, "place": str(venv)}, indent=1)
    (venv / STAMP).write_text(text + "\n")


def works(python: Path) -> bool:
    try:
        # -S skips the packages: this asks about the interpreter and must cost no second start.
        code = subprocess.run(
            [str(python), "-S", "-c", "import sys; sys.exit(sys.version_info < (3, 11))"],
            capture_output=True,
            check=False,
        ).returncode
    except OSError:
        return False
    return code == 0


def is_usable(venv: Path) -> bool:
    """Whether pip can work in it: not after the folder was renamed or its Python removed."""
    pip = venv / "bin" / "pip"
    if not works(venv / "bin" / "python") or not pip.is_file():
        return False
    return f"{venv}/bin/" in pip.read_bytes()[:1000].decode(errors="replace")


def make(venv: Path) -> None:
    if venv.is_symlink() or venv.exists():
        print("The virtual environment .venv is broken or was moved; making it anew.", flush=True)
        venv.unlink() if venv.is_symlink() else shutil.rmtree(venv)
    print("Making the virtual environment .venv ...", flush=True)
    result = subprocess.run(
        [sys.executable, "-m", packages.venv_module(), str(venv)],
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode != 0:
        shutil.rmtree(venv, ignore_errors=True)
        raise Trouble(
            f"The virtual environment could not be made: "
            f"{packages.last_lines(result.stdout + result.stderr, 3)}"
        )


def install(venv: Path, *, requirements: str, root: Path) -> None:
    total = (root / requirements).read_text().count("==")
    print(f"Installing {total} packages from {requirements}: a minute or two ...", flush=True)
    command = [
        *(str(venv / "bin" / "python"), "-m", "pip", "install"),
        *("--require-hashes", "--no-input", "--disable-pip-version-check"),
        *("--progress-bar", "off", "--root-user-action", "ignore"),
        *("-r", str(root / requirements)),
    ]
    code, lines = packages.follow(command, total=total)
    if code != 0:
        raise Trouble(packages.pip_trouble(lines))
