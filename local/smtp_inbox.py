"""The local mail server of `make run`: takes every e-mail and sends none on."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from local import ROOT, ports
from local.errors import exit_code_of
from local.inbox_files import Inbox

LARGEST = 25 * 1024 * 1024


class InboxHandler:
    def __init__(self, inbox: Inbox) -> None:
        self.inbox = inbox

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        try:
            entry = self.inbox.add(
                envelope.original_content or b"",
                sender=envelope.mail_from or "",
                recipients=envelope.rcpt_tos,
            )
        except OSError as error:
            return f"452 4.3.1 The mail cannot be kept: {error.strerror}"
        return f"250 2.0.0 Kept as {entry.key}"


async def serve(*, host: str, port: int, inbox: Inbox) -> None:
    """Answer on host:port until SIGTERM or SIGINT."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    handler = InboxHandler(inbox)

    def session() -> SMTP:
        return SMTP(handler, enable_SMTPUTF8=True, data_size_limit=LARGEST, hostname="koe.local")

    server = await loop.create_server(session, host, port)
    print(f"Keeping mails that arrive on {host}:{port} in {inbox.folder}", flush=True)
    await stop.wait()
    server.close()


def main() -> int:
    var = Path(os.environ.get("KOE_VAR_DIR") or ROOT / "var").resolve()
    port = ports.web_port() + ports.SMTP
    asyncio.run(serve(host="127.0.0.1", port=port, inbox=Inbox(var / "inbox")))
    return 0


if __name__ == "__main__":
    sys.exit(exit_code_of(main))
