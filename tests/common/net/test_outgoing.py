from __future__ import annotations

import io
import socket
import ssl
import time
from pathlib import Path
from typing import Any

import pytest

from common.net import outgoing
from common.net.outgoing import Refused, TooLarge, Unreachable, check_url, is_public, post
from tests.servers.receiver import Receiver, make_certificate

NAME = "hooks.example.org"


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0", "10.1.2.3", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.9.9.9",
        "168.63.129.16", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8",
        "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1",
        "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1",
        "2002:7f00:1::1", "2002:808:808::1", "3fff::1", "fc00::1", "fd00:ec2::254", "fe80::1",
        "fe80::1%eth0", "2606:4700::1%eth0", "fec0::1", "ff02::1", "5f00::1",
    ],
)  # fmt: skip
def test_what_is_not_the_public_internet_is_told(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    ["1.1.1.1", "8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1", "::ffff:8.8.8.8",
     "64:ff9b::808:808"],
)  # fmt: skip
def test_what_is_public_passes(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://hooks.example.org/x", "scheme"),
        ("ftp://hooks.example.org/x", "scheme"),
        ("file:///etc/passwd", "form"),
        ("gopher://hooks.example.org/", "scheme"),
        ("https://hooks.example.org:22/", "port"),
        ("https://hooks.example.org:99999/", "form"),
        ("https://user:secret@hooks.example.org/", "form"),
        ("https://hooks.example.org\\@127.0.0.1/", "form"),
        ("https://hooks.example.org/\r\nHost: x", "form"),
        ("https://hooks.example.org/a b", "form"),
        ("https:///x", "form"),
        ("https://[::1/x", "form"),
        ("https://" + "a" * 2000, "form"),
        ("nothing", "form"),
    ],
)
def test_an_address_is_refused_before_anybody_is_asked(url: str, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        check_url(url)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.1", "2130706433", "0x7f.1", "localhost", "[::1]", "[::ffff:127.0.0.1]",
     "169.254.169.254", "[fe80::1]"],
)  # fmt: skip
def test_all_ways_to_write_this_machine_are_refused(host: str) -> None:
    """The server would answer: it is the check that stops the request."""
    with Receiver() as server, pytest.raises((Refused, Unreachable)) as stopped:
        post(f"https://{host}:8443/", b"{}", {})
    assert server.taken == []
    assert getattr(stopped.value, "reason", "private") == "private"


@pytest.fixture
def names(monkeypatch) -> dict[str, list[str]]:
    """What the resolver says, in order; the last word holds. Every question is counted."""
    known: dict[str, list[str]] = {"asked": []}

    def resolve(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        known["asked"].append(host)
        answers = known[host]
        said = answers.pop(0) if len(answers) > 1 else answers[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in said.split()]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return known


@pytest.fixture
def dialled(monkeypatch) -> list[tuple[str, int]]:
    """Where connections went; nothing leaves this machine."""
    calls: list[tuple[str, int]] = []

    def dial(address: str, port: int) -> socket.socket:
        calls.append((address, port))
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr(outgoing, "dial", dial)
    return calls


def test_a_name_that_changes_its_mind_is_asked_once_and_the_checked_address_dialled(
    names, dialled
) -> None:
    names[NAME] = ["8.8.8.8", "127.0.0.1"]

    with pytest.raises(Unreachable, match="Connection refused"):
        post(f"https://{NAME}/x", b"{}", {})
    assert (names["asked"], dialled) == ([NAME], [("8.8.8.8", 443)])


def test_one_private_address_among_public_ones_spoils_the_name(names, dialled) -> None:
    names[NAME] = ["8.8.8.8 10.0.0.1"]

    with pytest.raises(Refused) as refused:
        post(f"https://{NAME}/x", b"{}", {})
    assert (refused.value.reason, dialled) == ("private", [])


def test_a_redirect_is_an_answer_like_another(settings) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = True
    with Receiver() as inner, Receiver([(302, {"Location": inner.url})]) as server:
        assert post(server.url, b"{}", {"X-Test": "1"}).status == 302
        assert (len(server.taken), inner.taken) == (1, [])
    assert server.taken[0].headers["X-Test"] == "1"
    assert server.taken[0].path == "/hook"


def test_no_proxy_of_the_environment_is_asked(settings, monkeypatch) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = True
    with Receiver() as proxy, Receiver() as server:
        for name in ("http_proxy", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        assert post(server.url, b"{}", {}).body == b"ok"
        assert proxy.taken == []


def test_neither_a_long_nor_a_slow_answer_is_waited_for(settings, monkeypatch) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = True
    with Receiver(body=b"x" * 10 * outgoing.MOST_BYTES) as server:
        assert len(post(server.url, b"{}", {}).body) == outgoing.MOST_BYTES

    monkeypatch.setattr(outgoing, "SECONDS", 0.3)
    with Receiver(body=b"x" * 1000, drip=True) as server:
        start = time.perf_counter()
        # As it came so far: whether it was taken is said by its status.
        assert len(post(server.url, b"{}", {}).body) < 1000
        assert time.perf_counter() - start < 5


def test_the_certificate_must_be_that_of_the_name(
    names, settings, monkeypatch, tmp_path: Path
) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = True
    names.update({NAME: ["127.0.0.1"], "other.example.org": ["127.0.0.1"]})
    certificate = make_certificate(tmp_path / "server.pem", name=NAME)
    trust = ssl.create_default_context(cafile=str(certificate))
    with Receiver(certificate=certificate) as server:
        with pytest.raises(Unreachable, match=r"^TLS: self-signed certificate"):
            post(f"https://{NAME}:{server.port}/hook", b"{}", {})
        monkeypatch.setattr(outgoing, "_trust", lambda: trust)
        assert post(f"https://{NAME}:{server.port}/hook", b"{}", {}).status == 200
        with pytest.raises(Unreachable, match=r"^TLS: Hostname mismatch"):
            post(f"https://other.example.org:{server.port}/hook", b"{}", {})
    assert [each.headers["Host"] for each in server.taken] == [f"{NAME}:{server.port}"]


def test_signs_outside_ascii_are_quoted(settings) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = True
    with Receiver() as server:
        post(server.url + "/声?a=é", b"{}", {})
    assert server.taken[0].path == "/hook/%E5%A3%B0?a=%C3%A9"


def downloaded(server: Receiver, *, at_most: int = 100) -> bytes:
    into = io.BytesIO()
    outgoing.download(server.url, {}, into=into, at_most=at_most)
    return into.getvalue()


def test_a_file_comes_whole_or_not_at_all(settings, monkeypatch) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = True
    with Receiver(body=b"0123456789") as server:
        assert downloaded(server, at_most=10) == b"0123456789"
        with pytest.raises(TooLarge):
            downloaded(server, at_most=9)
        server.answers = [(200, {"Content-Length": "11"})]
        with pytest.raises(Unreachable, match="cut off"):
            downloaded(server)
        server.answers = [(200, {"Transfer-Encoding": "identity"})]
        with pytest.raises(Unreachable, match="length unknown"):
            downloaded(server)
        server.body = b"a\r\n0123456789\r\n0\r\n\r\n"
        chunked = (200, {"Transfer-Encoding": "chunked"})
        server.answers = [chunked, chunked]
        assert downloaded(server, at_most=10) == b"0123456789"
        with pytest.raises(TooLarge):
            downloaded(server, at_most=9)
        server.answers = [(404, {})]
        assert downloaded(server) == b""
        monkeypatch.setattr(outgoing, "FILE_SECONDS", 0.1)
        server.drip = True
        with pytest.raises(Unreachable):
            downloaded(server)


def test_where_one_address_does_not_answer_the_next_one_is_asked(names, dialled) -> None:
    names[NAME] = ["8.8.8.8 1.1.1.1"]

    with pytest.raises(Unreachable):
        post(f"https://{NAME}/x", b"{}", {})

    assert dialled == [("8.8.8.8", 443), ("1.1.1.1", 443)]
