from __future__ import annotations

import os
import shutil
import subprocess


def prefix() -> list[str] | None:
    """How apt-get is called by whoever may; None where nobody is asked for a password."""
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return ["apt-get"]
    sudo = ["sudo", "-n", "true"]
    may = shutil.which("sudo") and subprocess.run(sudo, capture_output=True).returncode == 0
    return ["sudo", "-n", "apt-get"] if may else None


def install(*names: str) -> bool:
    """Install Debian packages if we may; False where that is not possible, without a word more."""
    command = prefix()
    if command is None:
        return False
    print(f"Installing {', '.join(names)} through apt-get ...", flush=True)
    wanted = [*command, "install", "-y", "--no-install-recommends", *names]
    for step in (wanted, [*command, "update"], wanted):
        result = subprocess.run(
            step, capture_output=True, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        )
        if result.returncode == 0 and step is wanted:
            return True
    return False
