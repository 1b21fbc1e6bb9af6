"""What the tests need of the machine beside Python: where it is, and how it may be had."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from pathlib import Path

from local import packages

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PLAYWRIGHT_BROWSERS = Path("~/.cache/ms-playwright").expanduser()


def chromium() -> str | None:
    """A Chromium that starts, if there is one."""
    on_path = [path for name in CHROMIUM_NAMES if (path := shutil.which(name))]
    own = sorted(PLAYWRIGHT_BROWSERS.glob("chromium-*/chrome-linux*/chrome"), reverse=True)
    return next((path for path in [*on_path, *map(str, own)] if _answers(path)), None)


def _answers(path: str) -> bool:
    # Ubuntu's chromium-browser may be a stub that only tells to install a snap.
    try:
        result = subprocess.run([path, "--version"], capture_output=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return result.returncode == 0


def postgres_programs() -> Path | None:
    """The folder with initdb and postgres, which Debian keeps off the PATH."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    versions = Path("/usr/lib/postgresql").glob("*/bin")
    folders += sorted(versions, key=lambda path: int(path.parent.name), reverse=True)
    return next((path for path in folders if (path / "postgres").exists()), None)


def postgres_listens() -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", 5432)) == 0


def install_for_tests(python: Path) -> None:
    """Get Chromium and PostgreSQL where we may; the tests say themselves what is still missing."""
    has_postgres = os.environ.get("TEST_POSTGRES_URL") or postgres_listens()
    if not has_postgres and postgres_programs() is None:
        packages.apt_install("postgresql")
    if chromium() is None:
        packages.apt_install("chromium")
        if chromium() is None:
            _install_chromium_of_playwright(python)


def _install_chromium_of_playwright(python: Path) -> None:
    print("Installing Chromium through Playwright ...", flush=True)
    with_libraries = ["--with-deps"] if packages.may_apt() else []
    command = [str(python), "-m", "playwright", "install", *with_libraries, "chromium"]
    try:
        subprocess.run(command, capture_output=True, timeout=300, check=False)
    except subprocess.TimeoutExpired:
        print("Chromium did not arrive within five minutes.", flush=True)
