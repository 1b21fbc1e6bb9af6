"""The virtual environment .venv: made, filled from pinned requirements, remade where it is broken.

Runs on the machine's own Python, so only the standard library is there.
"""

from __future__ import annotations

import fcntl
import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path

from local import ROOT, apt
from local.errors import SetupError, exit_code_of, need_space

FIRST_SET_UP = 1_500_000_000
STAMP = "koe-set-up"
# What pip says, and what that means.
REASONS = {
    "No space left on device": "the disk is full. Free some space and start again.",
    "DO NOT MATCH THE HASHES": "a package is not the one that was locked (its hash differs).",
    "ConnectionError|name resolution|Connection refused|Network is unreachable|TimeoutError"
    "|ProxyError|SSLError|\\(from versions: none\\)": (
        "the package index cannot be reached. Check the network and start again."
    ),
}


def set_up(requirements: str, *, root: Path = ROOT) -> None:
    """Bring .venv to what `requirements` pins; nothing happens where it is there already."""
    venv = root / ".venv"
    lock = root / "var" / "setup.lock"
    lock.parent.mkdir(exist_ok=True)
    with lock.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        if is_current(root, requirements):
            return
        need_space(root, FIRST_SET_UP)
        if not is_usable(venv):
            make(venv)
        install(root, requirements)
        (venv / STAMP).write_text("\n".join([str(venv), *pins(root / requirements)]))


def is_current(root: Path, requirements: str) -> bool:
    """Also where more was installed: a file for development holds every line of one to run."""
    venv = root / ".venv"
    return set(pins(root / requirements)) <= set(read_stamp(venv)) and is_usable(venv)


def is_usable(venv: Path) -> bool:
    """Not after the folder was moved, nor after its Python was removed or became another one."""
    try:
        python = subprocess.run([venv / "bin/python", "-Ic", "import pip"], capture_output=True)
    except OSError:
        return False
    return python.returncode == 0 and read_stamp(venv)[:1] in ([], [str(venv)])


def read_stamp(venv: Path) -> list[str]:
    """Where the environment was made, and what is installed in it."""
    stamp = venv / STAMP
    return stamp.read_text().splitlines() if stamp.is_file() else []


def pins(path: Path) -> list[str]:
    if not path.is_file():
        raise SetupError(f"{path} is missing; get it back with: git checkout {path.name}")
    return path.read_text().splitlines()


def make(venv: Path) -> None:
    if venv.is_symlink() or venv.exists():
        print("The virtual environment .venv is broken or was moved; it is made again.", flush=True)
        venv.unlink() if venv.is_symlink() else shutil.rmtree(venv)
    print("Making the virtual environment .venv ...", flush=True)
    # What is left of one that could not be made is made again next time: it is not usable.
    command = [sys.executable, "-m", venv_module(), str(venv)]
    told(command, "The virtual environment could not be made")


def venv_module() -> str:
    """`venv` or `virtualenv`: the one that works here, got through apt-get where it may be."""
    if importlib.util.find_spec("ensurepip"):
        return "venv"
    if importlib.util.find_spec("virtualenv"):
        return "virtualenv"
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if apt.install(package):
        return "venv"
    raise SetupError(
        "This Python cannot make virtual environments. Run this, then start again: "
        f"sudo apt-get install {package}"
    )


def install(root: Path, requirements: str) -> None:
    print(f"Installing what {requirements} pins: a minute or two ...", flush=True)
    # -I: a PYTHONPATH of the caller would hide what is missing in the environment.
    pip = [str(root / ".venv/bin/python"), "-I", "-m", "pip", "install", "--quiet", "--no-input"]
    options = ["--require-hashes", "--disable-pip-version-check", "--root-user-action", "ignore"]
    told([*pip, *options, "-r", str(root / requirements)], "The packages could not be installed")


def told(command: list[str], failure: str) -> None:
    """Run it; where it fails, say what failed, why if that is known, and its last lines."""
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if result.returncode == 0:
        return
    lines = [f"  {line}" for line in result.stdout.splitlines() if line.strip()]
    reasons = (reason for signs, reason in REASONS.items() if re.search(signs, result.stdout))
    reason = next(reasons, "the last lines say why.")
    raise SetupError("\n".join([f"{failure}: {reason}", *lines[-8:]]))


if __name__ == "__main__":
    sys.exit(exit_code_of(lambda: set_up(sys.argv[1])))
