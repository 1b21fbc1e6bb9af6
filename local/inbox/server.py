"""The local mail server of `make run`: takes every e-mail and sends none on.

`python -m local.inbox.server PORT FOLDER`
"""

from __future__ import annotations

import signal
import sys
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox
from aiosmtpd.smtp import SMTP, Envelope, Session

STOP = {signal.SIGTERM, signal.SIGINT}


class InboxHandler(Mailbox):
    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        try:
            return await super().handle_DATA(server, session, envelope)
        except OSError as error:
            return f"452 4.3.1 The e-mail cannot be kept: {error.strerror}"


def main(port: int, folder: Path) -> None:
    # Also in the thread of the server, so that a signal is ours to wait for.
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP)
    # A name of its own: to ask for the machine's may take seconds where there is no network.
    server = Controller(
        InboxHandler(folder), "127.0.0.1", port, enable_SMTPUTF8=True, server_hostname="koe.local"
    )
    server.start()
    print(f"Keeping e-mails that arrive on 127.0.0.1:{port} in {folder}", flush=True)
    signal.sigwait(STOP)
    server.stop()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
