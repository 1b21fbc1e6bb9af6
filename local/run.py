"""`make run`, inside the virtual environment: prepare the database, start every process."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import threading
import time
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import TextIO

from local import ROOT, ports
from local.errors import SetupError, exit_code_of, need_space
from local.supervisor import Supervisor

RUNNING = 100_000_000
# What a Koe in production has of its own: the variable that names it here too, what it is, how far
# its port is from PORT, and the command.
EMBEDDED = {
    "valkey": (
        "REDIS_URL", "its embedded Valkey", ports.VALKEY,
        'python -m local.valkey {port} "$KOE_VAR_DIR/valkey"',
    ),
    "smtp": (
        "EMAIL_URL", "its local mail server", ports.SMTP,
        'python -m local.inbox.server {port} "$KOE_VAR_DIR/mail"',
    ),
}  # fmt: skip


def main() -> int:
    var = private_folder(Path(os.environ.get("KOE_VAR_DIR") or ROOT / "var").resolve())
    need_space(var, RUNNING)
    port = ports.web_port()
    with (var / "run.lock").open("a+") as lock:
        hold(lock, port=port)
        commands = wanted_processes(port)
        os.environ.update(environment(port=port, var=var))
        code = subprocess.run([sys.executable, "-m", "local.prepare"], cwd=ROOT).returncode
        if code != 0:
            return code
        # `exec` made us a child of make itself.
        owner = os.getppid() if "MAKELEVEL" in os.environ else None
        supervisor = Supervisor(backing=EMBEDDED, essential="web", owner=owner)
        threading.Thread(target=announce, args=(supervisor, port, var), daemon=True).start()
        return supervisor.run(commands)


def private_folder(var: Path) -> Path:
    """Names, addresses and answers are in it: what we and all our processes write is ours alone."""
    os.umask(0o077)
    var.mkdir(parents=True, exist_ok=True)
    return var


def hold(lock: TextIO, *, port: int) -> None:
    """Two Koes on one database would each run a scheduler: the second start says so and ends."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        number, _, where = lock.read().strip().partition(" ")
        raise SetupError(
            f"Koe is already running from this folder on port {where or '?'} "
            f"(process {number or '?'}). Stop that one first, with Ctrl-C."
        ) from None
    lock.truncate(0)
    lock.write(f"{os.getpid()} {port}\n")
    lock.flush()


def wanted_processes(port: int) -> dict[str, str]:
    """Each with its command; stops with a sentence where a port that one needs is taken."""
    ports.need_free(port, what="its web pages")
    lines = (ROOT / "Procfile").read_text().splitlines()
    commands = dict(line.split(": ", 1) for line in lines)
    for name, (variable, what, distance, command) in EMBEDDED.items():
        if not os.environ.get(variable):
            ports.need_free(port + distance, what=what)
            commands[name] = command.format(port=port + distance)
    return commands


def environment(*, port: int, var: Path) -> dict[str, str]:
    return {
        "PORT": str(port),
        "KOE_VAR_DIR": str(var),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "PYTHONUNBUFFERED": "1",
        # In a container everything runs as root, and Celery takes no pickles here.
        "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",
    }


def announce(supervisor: Supervisor, port: int, var: Path) -> None:
    """Say where Koe is as soon as it answers."""
    while not answers(port):
        time.sleep(0.2)
    address = f"http://127.0.0.1:{port}/"
    said = ["", f"Koe is ready: {address}"]
    if not os.environ.get("EMAIL_URL"):
        said.append(f"Its e-mails are at {address}inbox/")
    demo = var / "demo-logins.txt"
    if demo.is_file():
        said += demo.read_text().splitlines()
    elif os.environ.get("KOE_DEMO") == "0":
        said.append(f"The first time, make your log-in at {address}first/")
    for line in (*said, "Stop it with Ctrl-C."):
        supervisor.say(line)


def answers(port: int) -> bool:
    """If only to say that it does not serve this host or wants HTTPS."""
    try:
        with closing(HTTPConnection("127.0.0.1", port, timeout=2)) as connection:
            connection.request("GET", "/health/live")
            connection.getresponse()
    except (OSError, HTTPException):
        return False
    return True


if __name__ == "__main__":
    sys.exit(exit_code_of(main))
