"""An SMTP server that fails on command: each connection follows the next script.

A script maps a step (`greeting`, `ehlo`, `mail`, `rcpt`, `data`, `body`, `dot`, `quit`, `rset`) to
a reply line, to `DROP` (hang up), or to `SILENCE`; steps without an entry succeed. `body` acts
after reading the first bytes of the message, `dot` after the final dot.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Mapping
from typing import Any

from tests.servers.services import free_port

DROP = "drop"
SILENCE = "silence"
Script = Mapping[str, str]

_FINE = {
    "greeting": "220 faults",
    "ehlo": "250 faults",
    "mail": "250 ok",
    "rcpt": "250 ok",
    "data": "354 go on",
    "dot": "250 2.0.0 taken",
    "rset": "250 ok",
    "quit": "221 bye",
}


class HangUp(Exception):
    pass


class FaultServer:
    def __init__(self, *scripts: Script, pipelining: bool = False) -> None:
        self.scripts = list(scripts) or [{}]
        self.pipelining = pipelining
        self.port = free_port()
        self.accepted: list[bytes] = []
        self.commands: list[str] = []
        self.connections = 0
        # Steps that fail the next time they come, on whatever connection.
        self.once: dict[str, str] = {}
        self._stop = threading.Event()

    def __enter__(self) -> FaultServer:
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *exc: Any) -> None:
        self._stop.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(timeout=5)

    def _listen(self) -> None:
        while not self._stop.is_set():
            try:
                peer, _ = self._listener.accept()
            except OSError:
                return
            script = self.scripts[min(self.connections, len(self.scripts) - 1)]
            self.connections += 1
            threading.Thread(target=self._talk, args=(peer, script), daemon=True).start()

    def _talk(self, peer: socket.socket, script: Script) -> None:
        lines = peer.makefile("rb")
        try:
            self._answer(peer, script, "greeting")
            for line in lines:
                self._command(peer, lines, script, line)
        except (HangUp, OSError):
            pass
        finally:
            lines.close()
            peer.close()

    def _command(self, peer: socket.socket, lines, script: Script, line: bytes) -> None:
        verb = line[:4].decode().strip().lower()
        self.commands.append(line.decode().strip())
        if verb == "ehlo" and self.pipelining and "ehlo" not in script:
            peer.sendall(b"250-faults\r\n250 PIPELINING\r\n")
            return
        reply = self._answer(peer, script, verb)
        if verb == "data" and reply.startswith("354"):
            if "body" in script:
                lines.read(10)
                self._answer(peer, script, "body")
            self._read_body(peer, lines, script)
        if verb == "quit":
            raise HangUp

    def _read_body(self, peer: socket.socket, lines, script: Script) -> None:
        body = b""
        for line in lines:
            if line == b".\r\n":
                break
            body += line[1:] if line.startswith(b".") else line
        else:
            raise HangUp
        if script.get("dot", _FINE["dot"]).startswith("2"):
            self.accepted.append(body)
        self._answer(peer, script, "dot")

    def _answer(self, peer: socket.socket, script: Script, step: str) -> str:
        reply = self.once.pop(step, None) or script.get(step) or _FINE[step]
        if reply == DROP:
            raise HangUp
        if reply == SILENCE:
            while not self._stop.wait(0.05):
                time.sleep(0)
            raise HangUp
        peer.sendall(reply.encode() + b"\r\n")
        if reply.startswith("421"):
            raise HangUp
        return reply
