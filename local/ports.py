from __future__ import annotations

import errno
import os
import socket

from local.errors import SetupError

# The embedded services stand at these distances from PORT; config/settings.py knows them too.
VALKEY = 379
SMTP = 25


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
            taken = error.errno == errno.EADDRINUSE
            why = "is taken" if taken else f"cannot be used ({error.strerror})"
            raise SetupError(f"Port {port}, which Koe needs for {what}, {why}. {another}") from None
