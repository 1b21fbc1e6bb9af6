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
            web = web_port()
            another = f"Take another: PORT={8010 if web == 8000 else web + 10} make run"
            why = f"cannot be used ({error.strerror})"
            if error.errno == errno.EADDRINUSE:
                why = f"is taken{owner_of(port)}"
            raise SetupError(f"Port {port}, which Koe needs for {what}, {why}. {another}") from None


def owner_of(port: int) -> str:
    """Which process listens there, where this machine lets us see it."""
    sockets = _listening_sockets(port)
    for descriptor in Path("/proc").glob("[0-9]*/fd/*"):
        with contextlib.suppress(OSError):
            if os.readlink(descriptor) in sockets:
                process = descriptor.parents[1]
                name = (process / "comm").read_text().strip()
                return f" by {name} (process {process.name})"
    return ""


def _listening_sockets(port: int) -> set[str]:
    rows = [
        line.split()
        for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
        if table.exists()
        for line in table.read_text().splitlines()[1:]
    ]
    return {
        f"socket:[{row[9]}]"
        for row in rows
        if row[3] == LISTENING and int(row[1].rpartition(":")[2], 16) == port
    }
