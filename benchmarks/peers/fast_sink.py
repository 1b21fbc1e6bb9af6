"""The fastest SMTP server that Python makes: takes everything, keeps nothing but a count.

`python -m benchmarks.peers.fast_sink PORT [pipelining]`; NOOP is answered by how many came
since the last RSET, and by when the first and the latest came, on the machine's monotonic clock.
"""

from __future__ import annotations

import asyncio
import sys
import time


class Session(asyncio.Protocol):
    taken = 0
    first = last = 0.0
    pipelining = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.buffer = b""
        self.in_data = False
        transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while self._step():
            pass

    def _step(self) -> bool:
        if self.in_data:
            end = self.buffer.find(b"\r\n.\r\n")
            if end < 0:
                return False
            self.buffer = self.buffer[end + 5 :]
            self.in_data = False
            _count()
            self.transport.write(b"250 ok\r\n")
            return True
        line, found, rest = self.buffer.partition(b"\r\n")
        if not found:
            return False
        self.buffer = rest
        self._answer(line[:4].upper())
        return True

    def _answer(self, verb: bytes) -> None:
        if verb == b"DATA":
            self.in_data = True
            self.transport.write(b"354 go\r\n")
        elif verb == b"EHLO":
            extension = b"250-sink\r\n250 PIPELINING\r\n" if self.pipelining else b"250 sink\r\n"
            self.transport.write(extension)
        elif verb == b"NOOP":
            self.transport.write(b"250 %d %f %f\r\n" % _counted())
        elif verb == b"RSET":
            Session.taken = 0
            self.transport.write(b"250 ok\r\n")
        elif verb == b"QUIT":
            self.transport.write(b"221 bye\r\n")
            self.transport.close()
        else:
            self.transport.write(b"250 ok\r\n")


def _count() -> None:
    Session.last = time.monotonic()
    if Session.taken == 0:
        Session.first = Session.last
    Session.taken += 1


def _counted() -> tuple[int, float, float]:
    return Session.taken, Session.first, Session.last


async def main() -> None:
    Session.pipelining = "pipelining" in sys.argv[2:]
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Session, "127.0.0.1", int(sys.argv[1]))
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
