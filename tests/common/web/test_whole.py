"""What a WSGI application sees of an ASGI server, and whom none of its threads waits for."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from common.web import whole
from common.web.whole import WholeRequests

SCOPE: dict[str, Any] = {
    "type": "http", "http_version": "1.1", "server": ("127.0.0.1", "8000"), "scheme": "http",
    "client": ("192.0.2.7", "51034"), "method": "POST", "query_string": b"x=%ff",
}  # fmt: skip


class Seen:
    """An application that notes what it is given."""

    def __init__(self, *pieces: bytes) -> None:
        self.pieces = pieces
        self.environ: dict[str, Any] = {}
        self.body = b""
        self.closed_in = ""

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Seen:
        self.environ, self.body = environ, environ["wsgi.input"].read()
        start_response("201 Created", [("X-Said", "yes")])
        return self

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.pieces)

    def close(self) -> None:
        self.closed_in = threading.current_thread().name


class Sender:
    """Of a body in pieces; after None it sends nothing more."""

    def __init__(self, *pieces: bytes | None, path: str = "/", **headers: str) -> None:
        self.pieces = list(pieces)
        self.scope = {
            **SCOPE, "path": path, "raw_path": path.encode(),
            "headers": [(n.encode(), v.encode()) for n, v in headers.items()],
        }  # fmt: skip
        self.got: list[dict[str, Any]] = []
        self.asked = 0

    async def receive(self) -> dict[str, Any]:
        self.asked += 1
        piece = self.pieces.pop(0) if self.pieces else None
        if piece is None:
            await asyncio.sleep(60)
        return {"type": "http.request", "body": piece, "more_body": bool(self.pieces)}

    async def send(self, message: dict[str, Any]) -> None:
        self.got.append(message)

    async def goes_through(self, app: WholeRequests) -> int:
        await app(self.scope, self.receive, self.send)
        return int(self.got[0]["status"]) if self.got else 0


def serve(app: WholeRequests, *senders: Sender) -> list[int]:
    async def all_of_them() -> list[int]:
        return await asyncio.gather(*(each.goes_through(app) for each in senders))

    return asyncio.run(all_of_them())


def body(*pieces: bytes | None, length: int) -> Sender:
    return Sender(*pieces, **{"content-length": str(length)})


def test_a_body_arrives_whole_and_an_answer_leaves_whole() -> None:
    seen = Seen(b"a" * whole.PIECE, b"b")
    sender = body(b"score", b"=9", length=7)

    assert serve(WholeRequests(seen, threads=1), sender) == [201]

    assert seen.body == b"score=9"
    assert seen.closed_in.startswith("request")
    assert sender.got[0]["headers"] == [(b"x-said", b"yes")]
    assert [each["body"] for each in sender.got[1:]] == [b"a" * whole.PIECE, b"b"]
    assert [each.get("more_body", False) for each in sender.got[1:]] == [True, False]


def test_what_the_application_is_told_of_the_request() -> None:
    seen = Seen(b"")
    sender = Sender(path="/%ff/a%20b/", **{"content-type": "text/plain", "x_forwarded_for": "evil"})
    sender.scope["headers"] += [(b"cookie", b"a=1"), (b"cookie", b"b=2"), (b"x-a", b"1")]

    serve(WholeRequests(seen, threads=1), sender)

    told = seen.environ
    assert told["PATH_INFO"] == "/\xff/a b/"
    assert (told["QUERY_STRING"], told["REMOTE_ADDR"]) == ("x=%ff", "192.0.2.7")
    assert (told["HTTP_COOKIE"], told["HTTP_X_A"]) == ("a=1; b=2", "1")
    assert told["CONTENT_TYPE"] == "text/plain"
    # Only the proxy writes that header, with its own signs.
    assert "HTTP_X_FORWARDED_FOR" not in told


@pytest.mark.parametrize("length", [10**9, 0])
def test_what_nobody_will_read_is_not_waited_for(length: int) -> None:
    sender = body(None, length=length)

    assert serve(WholeRequests(Seen(b""), threads=1), sender) == [201]
    assert sender.asked == 0


def test_slow_bodies_hold_no_thread_and_end_at_their_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole, "BODY_SECONDS", 0.3)
    slow = [body(b"x", None, length=7) for _ in range(20)]
    quick = body(b"score=9", length=7)
    seen = Seen(b"")

    assert serve(WholeRequests(seen, threads=1), *slow, quick) == [408] * 20 + [201]
    assert seen.body == b"score=9"


def test_with_too_many_bodies_the_oldest_gives_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole, "BODIES", 2)
    monkeypatch.setattr(whole, "BODY_SECONDS", 0.5)
    oldest, *others = (body(b"x", None, length=7) for _ in range(3))
    order: list[int] = []

    async def noted(number: int, sender: Sender, app: WholeRequests) -> None:
        await sender.goes_through(app)
        order.append(number)

    async def play() -> None:
        app = WholeRequests(Seen(b""), threads=1)
        tasks = [
            asyncio.create_task(noted(n, each, app)) for n, each in enumerate([oldest, *others])
        ]
        await asyncio.sleep(0.2)
        assert order == [0]
        await asyncio.gather(*tasks)
        assert app.arriving == {}

    asyncio.run(play())


def test_who_goes_away_is_not_served() -> None:
    class Gone(Sender):
        async def receive(self) -> dict[str, Any]:
            return {"type": "http.disconnect"}

    seen = Seen(b"")
    gone = Gone(**{"content-length": "7"})

    assert serve(WholeRequests(seen, threads=1), gone) == [0]
    assert not seen.environ
