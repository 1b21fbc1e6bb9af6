from __future__ import annotations

import contextlib
import errno
import os
import socket
from pathlib import Path

from local.errors import SetupError

# The embedded services stand at these distances from PORT; config/settings.py knows them too.
VALKEY = 379
SMTP = 25
LISTENING = "0A"


def web_port() -> int:
    text = os.environ.get("PORT", "").strip() or "8000"
    if not text.isdecimal() or not 1 <= int(text) <= 65000:
        raise SetupError(f"PORT={text!r} cannot be used: write a whole number from 1 to 65000.")
    return int(text)


def need_free(port: int, *, what: str) -> None:
    """Stop with a sentence unless 127.0.0.1:port can be listened on."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise SetupError(_sentence(error, port=port, what=what)) from None


def _sentence(error: OSError, *, port: int, what: str) -> str:
    web = web_port()
    again = f"PORT={8010 if web == 8000 else web + 10} make run"
    if error.errno == errno.EADDRINUSE:
        owner = owner_of(port)
        by = f" by {owner}" if owner else ""
        return f"Port {port}, which Koe needs for {what}, is taken{by}. Take another: {again}"
    return f"Port {port}, which Koe needs for {what}, cannot be used ({error.strerror}): {again}"


def owner_of(port: int) -> str:
    """The name and number of the process that listens there, where this machine lets us see it."""
    sockets = _listening_sockets(port)
    with contextlib.suppress(OSError):
        for process in Path("/proc").iterdir():
            if process.name.isdecimal() and sockets & _open_sockets(process):
                name = (process / "comm").read_text().strip()
                return f"{name} (process {process.name})"
    return ""


def _listening_sockets(port: int) -> set[str]:
    found: set[str] = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with contextlib.suppress(OSError):
            for line in Path(table).read_text().splitlines()[1:]:
                fields = line.split()
                if fields[3] == LISTENING and int(fields[1].rpartition(":")[2], 16) == port:
                    found.add(f"socket:[{fields[9]}]")
    return found


def _open_sockets(process: Path) -> set[str]:
    found: set[str] = set()
    with contextlib.suppress(OSError):
        for descriptor in (process / "fd").iterdir():
            with contextlib.suppress(OSError):
                found.add(os.readlink(descriptor))
    return found
