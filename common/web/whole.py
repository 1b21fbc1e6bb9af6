"""Hands a WSGI application whole requests, and takes whole answers from it.

A thread of a WSGI server waits for whoever sends or reads a byte a second; a dozen of them hold all
threads. Here the event loop waits, which costs a connection and no thread.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from urllib.parse import unquote_to_bytes

from common.web.middleware import announced_length, largest_body

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Wsgi = Callable[..., Iterable[bytes]]

# What is longer waits on the disk.
IN_MEMORY = 256 * 1024
PIECE = 64 * 1024
# For a body: these seconds, and a second more for so many bytes of it.
BODY_SECONDS = 15
BYTES_A_SECOND = 64 * 1024
# Bodies that may be on their way at once. With one more, that on its way for longest is given up,
# so that whoever sends a form as a browser does always comes through.
BODIES = 256


class WholeRequests:
    """An ASGI application. Each of its threads runs `application` for one request at a time."""

    def __init__(self, application: Wsgi, *, threads: int) -> None:
        self.application = application
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix="request")
        self.arriving: dict[asyncio.Timeout, None] = {}

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        environ = environ_of(scope)
        with _spool() as body, _spool() as answer:
            try:
                is_whole = await self._read(environ, receive, body)
            except TimeoutError:
                await _refuse(send)
                return
            if is_whole:
                work = partial(self._answer, environ, body, answer)
                start = await asyncio.get_running_loop().run_in_executor(self.pool, work)
                await _send_all(send, start, answer)

    async def _read(self, environ: Message, receive: Receive, body: IO[bytes]) -> bool:
        """False where the sender went away. What is refused by its length is not read at all."""
        announced = announced_length(environ)
        if not announced or announced > largest_body(environ["PATH_INFO"]):
            return True
        async with asyncio.timeout(BODY_SECONDS + announced / BYTES_A_SECOND) as limit:
            with self._among_those_that_arrive(limit):
                while True:
                    message = await receive()
                    if message["type"] != "http.request":
                        return False
                    body.write(message.get("body", b""))
                    if not message.get("more_body"):
                        body.seek(0)
                        return True

    @contextmanager
    def _among_those_that_arrive(self, limit: asyncio.Timeout) -> Iterator[None]:
        while len(self.arriving) >= BODIES:
            oldest = next(iter(self.arriving))
            del self.arriving[oldest]
            oldest.reschedule(0)
        self.arriving[limit] = None
        try:
            yield
        finally:
            self.arriving.pop(limit, None)

    def _answer(self, environ: Message, body: IO[bytes], answer: IO[bytes]) -> Message:
        """In a thread: writes the answer's body, and returns its head."""
        start: Message = {"type": "http.response.start"}

        def start_response(status: str, headers: list[tuple[str, str]], _: Any = None) -> None:
            start["status"] = int(status.partition(" ")[0])
            start["headers"] = [
                (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers
            ]

        pieces = self.application({**environ, "wsgi.input": body}, start_response)
        try:
            for piece in pieces:
                answer.write(piece)
        finally:
            # Django says by it that the request is over, and gives its connections back.
            if close := getattr(pieces, "close", None):
                close()
        answer.seek(0)
        return start


def environ_of(scope: Message) -> Message:
    """What PEP 3333 wants, of an ASGI scope."""
    environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": scope["server"][0],
        "SERVER_PORT": str(scope["server"][1]),
        "REMOTE_ADDR": scope["client"][0] if scope.get("client") else "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        _add_header(environ, name.decode("latin-1"), value.decode("latin-1"))
    return environ


def _add_header(environ: Message, name: str, value: str) -> None:
    if "_" in name:
        return  # X_Forwarded_For would pass for the proxy's own X-Forwarded-For.
    key = name.upper().replace("-", "_")
    if key not in ("CONTENT_LENGTH", "CONTENT_TYPE"):
        key = f"HTTP_{key}"
    between = "; " if key == "HTTP_COOKIE" else ","
    environ[key] = f"{environ[key]}{between}{value}" if key in environ else value


def _spool() -> Any:
    return SpooledTemporaryFile(max_size=IN_MEMORY)


async def _send_all(send: Send, start: Message, answer: IO[bytes]) -> None:
    await send(start)
    piece = answer.read(PIECE)
    while following := answer.read(PIECE):
        await send({"type": "http.response.body", "body": piece, "more_body": True})
        piece = following
    await send({"type": "http.response.body", "body": piece})


async def _refuse(send: Send) -> None:
    headers = [(b"content-type", b"text/plain"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 408, "headers": headers})
    await send({"type": "http.response.body", "body": b"Your request did not arrive in time.\n"})
