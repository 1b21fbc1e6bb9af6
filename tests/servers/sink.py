"""A recording SMTP server: notes Message-ID and recipient the moment it accepts a mail.

In the test's process as `Sink`; as a process of its own, for tests that kill what sends to it:
`python -m tests.servers.sink --port 2525 --log FILE [--delay SECONDS]`.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.servers.services import free_port


@dataclass(frozen=True, slots=True)
class Received:
    message_id: str
    recipient: str
    sender: str
    at: float
    content: bytes = field(repr=False, default=b"")

    @property
    def message(self) -> EmailMessage:
        parsed = message_from_bytes(self.content, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        return parsed


class Recorder:
    """aiosmtpd's handler; `delay` makes it a slow server."""

    def __init__(self, *, log: Path | None = None, delay: float = 0.0) -> None:
        self.received: list[Received] = []
        self.delay = delay
        self._log = log.open("a", buffering=1) if log else None

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        mail = Received(
            message_id=message_id_of(content),
            recipient=envelope.rcpt_tos[0],
            sender=envelope.mail_from or "",
            at=time.time(),
            content=content,
        )
        if self._log:
            # Written before the answer: what the sender heard accepted is on this list.
            self._log.write(f"{mail.at}\t{mail.message_id}\t{mail.recipient}\n")
        else:
            self.received.append(mail)
        # Slow to answer after it has taken the mail: the moment in which a kill hurts most.
        if self.delay:
            await asyncio.sleep(self.delay)
        return "250 2.0.0 Taken"


def message_id_of(content: bytes) -> str:
    head = content.partition(b"\r\n\r\n")[0].replace(b"\r\n ", b" ")
    lines = (line for line in head.split(b"\r\n") if line.lower().startswith(b"message-id:"))
    return next(lines, b":").partition(b":")[2].strip().decode()


class Sink:
    """`with Sink() as sink: ...` listens on a free port of this machine."""

    def __init__(self, *, delay: float = 0.0) -> None:
        self.recorder = Recorder(delay=delay)
        self.port = free_port()
        self._controller = Controller(
            self.recorder, hostname="127.0.0.1", port=self.port, data_size_limit=2**25
        )

    @property
    def received(self) -> list[Received]:
        return self.recorder.received

    @property
    def message_ids(self) -> list[str]:
        return [mail.message_id for mail in self.received]

    @property
    def recipients(self) -> list[str]:
        return [mail.recipient for mail in self.received]

    def __enter__(self) -> Sink:
        self._controller.start()
        return self

    def __exit__(self, *exc: Any) -> None:
        self._controller.stop()


async def serve(*, port: int, recorder: Recorder) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(recorder, data_size_limit=2**25, hostname="sink"), "127.0.0.1", port
    )
    await server.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--delay", type=float, default=0.0)
    options = parser.parse_args()
    recorder = Recorder(log=options.log, delay=options.delay)
    asyncio.run(serve(port=options.port, recorder=recorder))


if __name__ == "__main__":
    main()
