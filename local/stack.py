"""`make run`, inside the virtual environment: prepare the database, start every process."""

from __future__ import annotations

import fcntl
import os
import shlex
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import TextIO

from honcho.environ import parse_procfile

from local import ports
from local.environment import ROOT
from local.guard import SUPERVISOR
from local.parent import die_with_parent
from local.processes import BACKING_GRACE, FRONT_GRACE, Stack
from local.trouble import RUNNING, Trouble, need_space, tell

BACKING = {"valkey", "smtp"}
# Which variable puts a service of one's own in the place of an embedded one.
REPLACED_BY = {"valkey": "REDIS_URL", "smtp": "EMAIL_URL"}


def main() -> int:
    if "MAKELEVEL" in os.environ:
        # `make` killed outright would leave us running without an owner.
        die_with_parent(signal.SIGTERM)()
    var = private_folder(Path(os.environ.get("KOE_VAR_DIR") or ROOT / "var").resolve())
    need_space(var, RUNNING)
    port = ports.web_port()
    with (var / "run.lock").open("a+") as lock:
        hold(lock, port=port)
        commands = wanted_processes((ROOT / "Procfile").read_text())
        check_ports(port, commands=commands)
        os.environ.update(environment(port=port, var=var))
        if prepare() != 0:
            return 1
        stack = build(commands)
        threading.Thread(target=announce, args=(stack, port, var), daemon=True).start()
        stack.loop()
        return stack.report()


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
        raise Trouble(
            f"Koe is already running from this folder on port {where or '?'} "
            f"(process {number or '?'}). Stop that one first, with Ctrl-C."
        ) from None
    lock.truncate(0)
    lock.write(f"{os.getpid()} {port}\n")
    lock.flush()


def wanted_processes(procfile: str) -> dict[str, str]:
    every = parse_procfile(procfile).processes
    return {
        name: command
        for name, command in every.items()
        if not os.environ.get(REPLACED_BY.get(name, ""), "")
    }


def check_ports(port: int, *, commands: dict[str, str]) -> None:
    ports.need_free(port, what="its web pages")
    if "valkey" in commands:
        ports.need_free(port + ports.VALKEY, what="its embedded Valkey")
    if "smtp" in commands:
        ports.need_free(port + ports.SMTP, what="its local mail server")


def environment(*, port: int, var: Path) -> dict[str, str]:
    return {
        "PORT": str(port),
        "KOE_VAR_DIR": str(var),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "PYTHONUNBUFFERED": "1",
        # In a container everything runs as root, and Celery takes no pickles here.
        "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",
        SUPERVISOR: str(os.getpid()),
    }


def prepare() -> int:
    return subprocess.run([sys.executable, "-m", "local.prepare"], cwd=ROOT, check=False).returncode


def build(commands: dict[str, str]) -> Stack:
    stack = Stack(backing=BACKING)
    python = shlex.quote(sys.executable)
    # What the others lean on is started first.
    for name in sorted(commands, key=lambda name: name not in BACKING):
        grace = BACKING_GRACE if name in BACKING else FRONT_GRACE
        guarded = f"exec {python} -m local.guard {grace} {commands[name]}"
        stack.add_process(name, guarded, env=dict(os.environ), cwd=str(ROOT))
    return stack


def announce(stack: Stack, port: int, var: Path) -> None:
    """Say where Koe is as soon as it answers."""
    address = f"http://127.0.0.1:{port}/"
    while not answers(f"{address}health/live"):
        time.sleep(0.2)
    stack.say("")
    stack.say(f"Koe is ready: {address}")
    if not os.environ.get("EMAIL_URL"):
        stack.say(f"Its mails are at {address}inbox/")
    demo = var / "demo-logins.txt"
    if demo.is_file():
        stack.say(demo.read_text())
    stack.say("Stop it with Ctrl-C.")


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:  # noqa: S310
            return bool(response.status == 200)
    except urllib.error.HTTPError:
        # It answers, if only to say that it does not serve this host or wants HTTPS.
        return True
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(tell(main))
