"""`python -m local.apt gettext` installs Debian packages where nobody is asked for a password."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys


def prefix() -> list[str] | None:
    """How apt-get is called by whoever may; None where it cannot be."""
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    may = shutil.which("apt-get") and (not sudo or succeeds(*sudo, "true"))
    return [*sudo, "apt-get"] if may else None


def succeeds(*command: str) -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        return not subprocess.run(command, capture_output=True, env=environment).returncode
    except FileNotFoundError:
        return False


def install(*names: str) -> bool:
    """False where that is not possible; what they are for says that it lacks them."""
    command = prefix()
    if command is None:
        return False
    print(f"Installing {', '.join(names)} through apt-get ...", flush=True)
    wanted = (*command, "install", "-y", "--no-install-recommends", *names)
    # A machine that was never asked for packages knows none until it is updated.
    return succeeds(*wanted) or (succeeds(*command, "update") and succeeds(*wanted))


if __name__ == "__main__":
    if not install(*sys.argv[1:]):
        sys.exit(f"Run this, then start again: sudo apt-get install {' '.join(sys.argv[1:])}")
