"""The commands of the Makefile. Runs on the machine's own Python; hands over to .venv's."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from local import machine, packages
from local.environment import ROOT, prepare
from local.trouble import Trouble, tell

RUN = "requirements.txt"
DEVELOPMENT = "requirements-dev.txt"


def run(arguments: list[str]) -> int:
    return hand_over(prepare(RUN), ["-m", "local.stack"])


def test(arguments: list[str]) -> int:
    python = prepare(DEVELOPMENT)
    machine.install_for_tests(python)
    workers = str(min(os.cpu_count() or 1, 4))
    return hand_over(python, ["-m", "pytest", "-n", workers, "--dist", "loadgroup", *arguments])


def fmt(arguments: list[str]) -> int:
    """Format, and repair what can be repaired; what is left to do by hand is named."""
    python = prepare(DEVELOPMENT)
    # The linter sorts imports and rewrites code, which the formatter then lays out.
    lint = subprocess.run([str(python), "-m", "ruff", "check", "--fix"], cwd=ROOT, check=False)
    layout = subprocess.run([str(python), "-m", "ruff", "format"], cwd=ROOT, check=False)
    return lint.returncode or layout.returncode


def check(arguments: list[str]) -> int:
    return hand_over(prepare(DEVELOPMENT), ["-m", "local.checks"])


def bench(arguments: list[str]) -> int:
    return hand_over(prepare(DEVELOPMENT), ["-m", "benchmarks.run", *arguments])


def lock(arguments: list[str]) -> int:
    """Pin the newest versions that fit pyproject.toml; `ARGS=--upgrade` takes newer ones."""
    uv = find_uv()
    common = ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-header"]
    compile_ = [uv, "pip", "compile", "--quiet", *common, "pyproject.toml", *arguments]
    for more in (["-o", RUN], ["--group", "dev", "-c", RUN, "-o", DEVELOPMENT]):
        if subprocess.run([*compile_, *more], cwd=ROOT, check=False).returncode != 0:
            raise Trouble("uv found no versions that fit together; its lines above say which.")
    print(f"{RUN} and {DEVELOPMENT} are up to date.")
    return 0


def find_uv() -> str:
    found = shutil.which("uv")
    if found:
        return found
    # Beside the environment, not in it: uv is no part of what Koe runs or tests with.
    folder = ROOT / "var" / "uv"
    if not (folder / "bin" / "uv").is_file():
        print("Installing uv into var/uv ...", flush=True)
        command = [str(prepare(RUN)), "-m", "pip", "install", "--quiet", "--target", str(folder)]
        result = subprocess.run([*command, "uv"], capture_output=True, text=True, check=False)
        if result.returncode != 0:
            raise Trouble(packages.pip_trouble(result.stdout + result.stderr))
    return str(folder / "bin" / "uv")


def messages(arguments: list[str]) -> int:
    python = prepare(DEVELOPMENT)
    if not shutil.which("xgettext") and not packages.apt_install("gettext"):
        raise Trouble("The texts cannot be collected: run sudo apt-get install gettext first.")
    collect = ["makemessages", "-l", "ja", "--no-obsolete", "--add-location", "file", "--no-wrap"]
    ignore = [f"--ignore={name}" for name in (".venv", "var", "tests", "benchmarks")]
    manage = [str(python), "manage.py", *collect, *ignore]
    if subprocess.run(manage, cwd=ROOT, check=False).returncode != 0:
        return 1
    return hand_over(python, ["-m", "local.translations", "--compile"])


COMMANDS = {
    "run": run,
    "test": test,
    "fmt": fmt,
    "check": check,
    "bench": bench,
    "lock": lock,
    "messages": messages,
}


def hand_over(python: Path, arguments: list[str]) -> int:
    """Become `python arguments`, so that a signal to us is a signal to it."""
    os.chdir(ROOT)
    sys.stdout.flush()
    os.execv(str(python), [str(python), *arguments])  # noqa: S606


def main(arguments: list[str]) -> int:
    command = COMMANDS.get(arguments[0]) if arguments else None
    if command is None:
        print(f"usage: local/local.py {'|'.join(COMMANDS)}", file=sys.stderr)
        return 2
    return tell(lambda: command(arguments[1:]))
