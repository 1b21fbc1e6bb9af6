"""The local mail server of `make run`: takes every e-mail and sends none on.

`python -m local.inbox.server PORT FOLDER`
"""

from __future__ import annotations

import signal
import sys
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from local.errors import exit_code_of
from local.inbox.files import Inbox

LARGEST = 25 * 1024 * 1024
STOP = {signal.SIGTERM, signal.SIGINT}


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


def main() -> int:
    port, folder = int(sys.argv[1]), Path(sys.argv[2])
    # Also in the thread of the server, so that a signal is ours to wait for.
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP)
    server = Controller(
        InboxHandler(Inbox(folder)), hostname="127.0.0.1", port=port,
        enable_SMTPUTF8=True, data_size_limit=LARGEST, server_hostname="koe.local",
    )  # fmt: skip
    server.start()
    print(f"Keeping mails that arrive on 127.0.0.1:{port} in {folder}", flush=True)
    signal.sigwait(STOP)
    server.stop()
    return 0


if __name__ == "__main__":
    sys.exit(exit_code_of(main))
