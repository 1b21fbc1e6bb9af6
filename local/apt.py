"""`python -m local.apt gettext` installs Debian packages where nobody is asked for a password."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys


def prefix() -> list[str] | None:
    """How apt-get is called by whoever may; None where it cannot be."""
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return ["apt-get"]
    sudo = ["sudo", "-n", "true"]
    may = shutil.which("sudo") and subprocess.run(sudo, capture_output=True).returncode == 0
    return ["sudo", "-n", "apt-get"] if may else None


def install(*names: str) -> bool:
    """False where that is not possible; what they are for says that it lacks them."""
    command = prefix()
    if command is None:
        return False
    print(f"Installing {', '.join(names)} through apt-get ...", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}

    def succeeds(*arguments: str) -> bool:
        done = subprocess.run([*command, *arguments], capture_output=True, env=environment)
        return done.returncode == 0

    wanted = ("install", "-y", "--no-install-recommends", *names)
    # A machine that was never asked for packages knows none until it is updated.
    return succeeds(*wanted) or (succeeds("update") and succeeds(*wanted))


if __name__ == "__main__":
    install(*sys.argv[1:])
