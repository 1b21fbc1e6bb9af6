"""What pip and apt-get can and cannot do on this machine, and how to say so."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import sys

from local.parent import die_with_parent
from local.trouble import Trouble

NETWORK_SIGNS = (
    "NewConnectionError",
    "name resolution",
    "ConnectionError",
    "Connection refused",
    "Network is unreachable",
    "ReadTimeoutError",
    "ConnectTimeoutError",
    "ProxyError",
    "SSLError",
    "(from versions: none)",
)


def last_lines(said: str, count: int) -> str:
    return "\n".join([line for line in said.splitlines() if line.strip()][-count:])


def follow(command: list[str], *, total: int) -> tuple[int, str]:
    """Run pip; on a terminal count what has come. Gives its exit code and all it said."""
    # A PYTHONPATH of the caller would hide what is missing in the environment.
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    lines: list[str] = []
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env=environment,
        preexec_fn=die_with_parent(signal.SIGTERM),
    ) as pip:
        for line in pip.stdout or ():
            lines.append(line)
            if sys.stdout.isatty() and line.startswith("Collecting "):
                come = sum(known.startswith("Collecting ") for known in lines)
                print(f"\r  {come} of {total} ", end="", flush=True)
    if sys.stdout.isatty():
        print("\r" + " " * 20 + "\r", end="", flush=True)
    return pip.returncode, "".join(lines)


def pip_trouble(said: str) -> str:
    if "No space left on device" in said:
        reason = "the disk is full. Free some space and start again."
    elif "DO NOT MATCH THE HASHES" in said:
        reason = "a package is not the one that was locked (its hash differs)."
    elif any(sign in said for sign in NETWORK_SIGNS):
        reason = "the package index cannot be reached. Check the network and start again."
    else:
        reason = "pip stopped."
    return f"The packages could not be installed: {reason} pip's last lines:\n" + "\n".join(
        f"  {line}" for line in last_lines(said, 8).splitlines()
    )


def venv_module() -> str:
    """`venv` or `virtualenv`: the one that works here, got through apt-get where it may be."""
    if _importable("venv") and _importable("ensurepip"):
        return "venv"
    if _importable("virtualenv"):
        return "virtualenv"
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    # Asked of a new process: this one has remembered that the module is missing.
    probe = [sys.executable, "-c", "import venv, ensurepip"]
    if apt_install(package) and subprocess.run(probe, capture_output=True).returncode == 0:
        return "venv"
    raise Trouble(
        "This Python cannot make virtual environments. Run this, then start again: "
        f"sudo apt-get install {package}"
    )


def _importable(name: str) -> bool:
    return importlib.util.find_spec(name) is not None


def may_apt() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def apt_install(*names: str) -> bool:
    """Install Debian packages if we may; False where that is not possible, without a word more."""
    if not may_apt():
        return False
    print(f"Installing {', '.join(names)} through apt-get ...", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "--no-install-recommends", *names]
    for command in (install, ["apt-get", "update"], install):
        result = subprocess.run(command, capture_output=True, check=False, env=environment)
        if result.returncode == 0 and command is install:
            return True
    return False
