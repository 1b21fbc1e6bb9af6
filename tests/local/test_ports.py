from __future__ import annotations

import socket

import pytest

from local import ports
from local.errors import SetupError


def test_a_taken_port_is_told_with_the_fix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "8000")
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]

        with pytest.raises(SetupError) as caught:
            ports.need_free(port, what="its web pages")

    assert str(caught.value) == (
        f"Port {port}, which Koe needs for its web pages, is taken. "
        "Take another: PORT=8010 make run"
    )


def test_a_free_port_passes() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    ports.need_free(port, what="its web pages")


@pytest.mark.parametrize("value", ["80a", "0", "65001", "-1"])
def test_a_port_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("PORT", value)

    with pytest.raises(SetupError, match="write a whole number from 1 to 65000"):
        ports.web_port()


def test_the_port_is_8000_where_none_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PORT", raising=False)

    assert ports.web_port() == 8000


def test_a_server_that_would_share_its_port_does_not_share_it_with_us() -> None:
    """As granian listens: a second one of it would take half of the visitors without a word."""
    with socket.socket() as granian:
        granian.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        granian.bind(("127.0.0.1", 0))
        granian.listen()

        with pytest.raises(SetupError, match="is taken"):
            ports.need_free(granian.getsockname()[1], what="its web pages")
