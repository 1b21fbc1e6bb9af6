"""A mail server on its worst day: each mail may meet one of the faults of the SMTP table.

`python -m tests.faults.rig.rough_server --port 2525 --folder FOLDER --seed 1 [--share 0.3]` writes
`accepted.tsv` (the moment of MAIL FROM, Message-ID, recipient), a line before each mail that it
takes is answered, and `faults.tsv`, a line for each fault.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from tests.servers.sink import message_id_of

DROP, SILENCE = "drop", "silence"
END = b"\r\n.\r\n"


@dataclass(frozen=True, slots=True)
class Fault:
    """At `step` the server answers `act` (a reply, DROP or SILENCE); `taken`: it keeps the mail."""

    step: str
    act: str
    weight: float
    taken: bool = False

    @property
    def name(self) -> str:
        kept = " (taken)" if self.taken else ""
        return f"{self.act} at {self.step}{kept}"

    @property
    def leaves_doubt(self) -> bool:
        """The sender may have written the final dot and hears no answer to it."""
        return self.act in (DROP, SILENCE) and self.step in ("body", "dot")


FAULTS = (
    Fault("greeting", "421 4.3.2 busy", 1),
    Fault("greeting", DROP, 1),
    Fault("mail", "451 4.3.0 later", 2),
    Fault("mail", "550 5.7.1 not you", 0.05),  # pauses the campaign
    Fault("mail", DROP, 2),
    Fault("rcpt", "450 4.2.1 later", 4),
    Fault("rcpt", "550 5.1.1 nobody", 0.7),  # suppresses the person
    Fault("rcpt", DROP, 2),
    Fault("rcpt", SILENCE, 0.05),
    Fault("data", "451 4.3.0 later", 2),
    Fault("data", "554 5.6.0 no", 0.5),
    Fault("data", DROP, 2),
    Fault("body", DROP, 1),
    Fault("dot", "451 4.3.0 later", 2),
    Fault("dot", "554 5.6.0 content", 0.5),
    Fault("dot", DROP, 0.5),
    Fault("dot", DROP, 0.5, taken=True),
    Fault("dot", SILENCE, 0.05),
    Fault("dot", SILENCE, 0.05, taken=True),
    Fault("quit", DROP, 2, taken=True),  # after its 250: the connection is gone for the next mail
)
FINE = Fault("", "", 0)


class Session(asyncio.Protocol):
    def __init__(self, server: RoughServer) -> None:
        self.server = server
        self.transport: asyncio.Transport
        self.buffer = b""
        self.in_data = self.is_deaf = False
        self.fault = FINE
        self.recipient = ""
        self.begun_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.fault = self.server.draw("greeting")
        self.say("greeting", "220 rough")

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while not self.is_deaf and self.step():
            pass

    def step(self) -> bool:
        if self.in_data:
            return self.body()
        line, found, rest = self.buffer.partition(b"\r\n")
        if not found:
            return False
        self.buffer = rest
        self.command(line)
        return True

    def command(self, line: bytes) -> None:
        verb = line[:4].decode().lower().strip()
        if verb == "ehlo":
            self.transport.write(
                b"250-rough\r\n250 PIPELINING\r\n" if self.pipelines() else b"250 rough\r\n"
            )
        elif verb == "mail":
            self.fault, self.begun_at, self.recipient = self.server.draw("mail"), time.time(), ""
            self.say(verb, "250 ok")
        elif verb == "rcpt":
            if self.say(verb, "250 ok"):
                self.recipient = line.partition(b"<")[2].partition(b">")[0].decode()
        elif verb == "data" and not self.recipient:
            self.transport.write(b"503 5.5.1 to whom?\r\n")
        elif verb == "data":
            self.in_data = self.say(verb, "354 go on")
        elif verb == "quit":
            self.hang_up()
        else:
            self.transport.write(b"250 ok\r\n")

    def pipelines(self) -> bool:
        return self.server.chance.random() < 0.5

    def body(self) -> bool:
        if self.buffer and self.fault.step == "body":
            self.say("body", "")
            return False
        end = self.buffer.find(END)
        if end < 0:
            return False
        content, self.buffer, self.in_data = self.buffer[:end], self.buffer[end + len(END) :], False
        if self.fault.step != "dot" or self.fault.taken:
            self.server.note_accepted(self.begun_at, message_id_of(content), self.recipient)
        # A little late: the moment in which a kill hurts most.
        wait = self.server.chance.uniform(0, self.server.delay)
        asyncio.get_running_loop().call_later(wait, self.answer_dot)
        return True

    def answer_dot(self) -> None:
        if not self.transport.is_closing() and self.say("dot", "250 2.0.0 taken"):
            self.recipient = ""
            if self.fault.step == "quit":
                self.say("quit", "")

    def say(self, step: str, reply: str) -> bool:
        """Answer as the fault wants it; whether all is well."""
        if self.fault.step != step:
            self.transport.write(reply.encode() + b"\r\n")
            return True
        self.server.note_fault(self.fault)
        if self.fault.act == DROP:
            self.hang_up()
        elif self.fault.act == SILENCE:
            self.is_deaf = True
        else:
            self.transport.write(self.fault.act.encode() + b"\r\n")
            if self.fault.act.startswith("421"):
                self.hang_up()
        return False

    def hang_up(self) -> None:
        self.is_deaf = True
        self.transport.close()


class RoughServer:
    def __init__(
        self, *, folder: Path, seed: int, share: float, delay: float, only: str = ""
    ) -> None:
        self.faults = [each for each in FAULTS if only in each.name]
        self.chance = random.Random(seed)
        self.share = share
        self.delay = delay
        self._accepted = (folder / "accepted.tsv").open("a", buffering=1)
        self._faults = (folder / "faults.tsv").open("a", buffering=1)

    def draw(self, step: str) -> Fault:
        """Of a connection only the greeting can fail, of a mail all the rest."""
        if self.chance.random() >= self.share:
            return FINE
        of_connections = step == "greeting"
        drawn = [each for each in self.faults if (each.step == "greeting") == of_connections]
        if not drawn:
            return FINE
        return self.chance.choices(drawn, [each.weight for each in drawn])[0]

    def note_accepted(self, at: float, message_id: str, recipient: str) -> None:
        self._write(self._accepted, f"{at}\t{message_id}\t{recipient}")

    def note_fault(self, fault: Fault) -> None:
        self._write(self._faults, fault.name)

    def _write(self, file: TextIO, line: str) -> None:
        file.write(f"{line}\n")


async def serve(port: int, server: RoughServer) -> None:
    loop = asyncio.get_running_loop()
    listener = await loop.create_server(lambda: Session(server), "127.0.0.1", port)
    await listener.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--share", type=float, default=0.3)
    parser.add_argument("--delay", type=float, default=0.004)
    parser.add_argument("--only", default="", help="the faults whose names have this in them")
    options = vars(parser.parse_args())
    port = options.pop("port")
    asyncio.run(serve(port, RoughServer(**options)))


if __name__ == "__main__":
    main()
