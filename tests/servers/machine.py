"""What the tests need of the machine beside Python: where it is, and how it is got."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

from local import apt

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PLAYWRIGHT_BROWSERS = Path("~/.cache/ms-playwright").expanduser()
JAPANESE_FONT = "fonts-ipafont-gothic"


def chromium() -> str | None:
    """A Chromium that starts, if there is one."""
    on_path = [path for name in CHROMIUM_NAMES if (path := shutil.which(name))]
    own = sorted(PLAYWRIGHT_BROWSERS.glob("chromium-*/chrome-linux*/chrome"), reverse=True)
    return next((path for path in [*on_path, *map(str, own)] if _answers(path)), None)


def _answers(path: str) -> bool:
    # Ubuntu's chromium-browser may be a stub that only says to install a snap.
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=20).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def has_japanese_font() -> bool:
    """Without one Chromium shows boxes, which are as wide as no text that a reader sees."""
    if not shutil.which("fc-list"):
        return False
    found = subprocess.run(["fc-list", ":lang=ja"], capture_output=True)
    return bool(found.stdout.strip())


def postgres_programs() -> Path | None:
    """The folder with initdb and postgres, which Debian keeps off the PATH."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    versions = Path("/usr/lib/postgresql").glob("*/bin")
    folders += sorted(versions, key=lambda path: int(path.parent.name), reverse=True)
    return next((path for path in folders if (path / "postgres").exists()), None)


def has_postgres() -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        listens = probe.connect_ex(("127.0.0.1", 5432)) == 0
    return listens or bool(os.environ.get("TEST_POSTGRES_URL") or postgres_programs())


def install_chromium() -> None:
    if apt.install("chromium") and chromium():
        return
    print("Installing Chromium through Playwright ...", flush=True)
    libraries = ["--with-deps"] if apt.prefix() else []
    command = [sys.executable, "-m", "playwright", "install", *libraries, "chromium"]
    try:
        subprocess.run(command, capture_output=True, timeout=300)
    except subprocess.TimeoutExpired:
        print("Chromium did not arrive within five minutes.", flush=True)


def main() -> None:
    """Get what is missing where we may; what needs it says itself what is missing still."""
    if not shutil.which("msgfmt"):
        apt.install("gettext")
    if not has_postgres():
        apt.install("postgresql")
    if chromium() is None:
        install_chromium()
    if not has_japanese_font():
        apt.install(JAPANESE_FONT)


if __name__ == "__main__":
    main()
