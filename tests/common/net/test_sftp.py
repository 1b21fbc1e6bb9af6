from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from common.net import sftp
from common.net.outgoing import Refused, TooLarge, Unreachable
from common.net.sftp import FileMissing, LoginRefused, WrongHostKey, check_sftp_url, download
from tests.servers.sftp import PASSWORD, USER, SftpServer

CONTENT = b"customer_id\nC1\n"


@pytest.fixture
def server(tmp_path: Path, settings) -> Iterator[SftpServer]:
    settings.WEBHOOK_ALLOW_PRIVATE = True
    (tmp_path / "夜間").mkdir()
    (tmp_path / "夜間" / "customers.csv").write_bytes(CONTENT)
    with SftpServer(tmp_path) as running:
        yield running


def fetched(server: SftpServer, path: str = "/夜間/customers.csv", **changed: Any) -> bytes:
    into = io.BytesIO()
    wanted = {
        "user": USER,
        "secret": PASSWORD,
        "fingerprints": [server.fingerprint],
        "at_most": 1000,
    } | changed
    download(server.url + path, into=into, **wanted)
    return into.getvalue()


def test_a_file_comes_whole_with_a_password_or_a_key(server: SftpServer) -> None:
    assert fetched(server) == CONTENT
    key = asyncssh.generate_private_key("ssh-ed25519")
    server.authorized = key

    assert fetched(server, secret=key.export_private_key().decode()) == CONTENT


def test_a_server_with_another_key_hears_no_password(server: SftpServer) -> None:
    with pytest.raises(WrongHostKey) as wrong:
        fetched(server, fingerprints=["SHA256:AAAA"])

    assert wrong.value.shown == server.fingerprint
    assert server.heard == []
    with pytest.raises(LoginRefused):  # It would have been asked.
        fetched(server, secret="wrong")
    assert server.heard == ["wrong"]


def test_no_address_of_our_own_network_is_dialled(server: SftpServer, settings) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = False

    with pytest.raises(Refused) as refused:
        fetched(server)
    assert refused.value.reason == "private"
    assert server.heard == []


def test_what_is_missing_or_too_large_is_told(server: SftpServer) -> None:
    with pytest.raises(FileMissing):
        fetched(server, "/nothing.csv")
    with pytest.raises(TooLarge):
        fetched(server, at_most=len(CONTENT) - 1)
    assert fetched(server, at_most=len(CONTENT)) == CONTENT
    with pytest.raises(LoginRefused):
        fetched(server, secret="-----BEGIN OPENSSH PRIVATE KEY-----\nx")


def test_a_file_that_grows_while_it_is_read_is_not_taken_for_whole(
    server: SftpServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy, path = sftp._copy, tmp_path / "夜間" / "customers.csv"

    async def grow(*args: Any, **options: Any) -> int:
        size = await copy(*args, **options)
        path.write_bytes(CONTENT + b"C2\n")
        os.utime(path, (2_000_000_000, 2_000_000_000))
        return size

    monkeypatch.setattr(sftp, "_copy", grow)
    with pytest.raises(Unreachable, match="still being written"):
        fetched(server)


def test_a_silent_server_is_not_waited_for_without_end(settings, monkeypatch) -> None:
    import socket

    settings.WEBHOOK_ALLOW_PRIVATE = True
    monkeypatch.setattr(sftp, "FILE_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"sftp://127.0.0.1:{silent.getsockname()[1]}/x"
        with pytest.raises(Unreachable, match="timeout"):
            download(url, user="x", secret="x", fingerprints=[], into=io.BytesIO(), at_most=1)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://sftp.example.org/x", "form"),
        ("sftp://user:word@sftp.example.org/x", "form"),
        ("sftp://sftp.example.org/", "form"),
        ("sftp:///x", "form"),
        ("sftp://sftp.example.org:25/x", "port"),
        ("sftp://sftp.example.org:99999/x", "form"),
        ("sftp://sftp.example.org/\nx", "form"),
    ],
)
def test_an_address_is_refused_before_anybody_is_asked(url: str, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        check_sftp_url(url)
    assert refused.value.reason == reason
    assert check_sftp_url("sftp://sftp.example.org:2222/a/b.csv").port == 2222
