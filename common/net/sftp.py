"""One file from an SFTP server, by the rules of `common.net.outgoing`: public addresses, bounded
time and size. The server proves by its key that it is the one that is meant, before it hears a
password.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Collection
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import SplitResult, unquote, urlsplit

from django.conf import settings

from common.monitoring.logs import CONTROL
from common.net.outgoing import (
    FILE_SECONDS,
    LONGEST_URL,
    Refused,
    TooLarge,
    Unreachable,
    addresses_of,
    dial_any,
    words_of,
)

if TYPE_CHECKING:
    import asyncssh

PORT = 22
# Below it the ports of other services stand.
FIRST_OWN_PORT = 1024
_CHUNK = 128 * 1024


class WrongHostKey(Exception):
    """The server has another key; `shown` is its fingerprint."""

    def __init__(self, shown: str) -> None:
        super().__init__(shown)
        self.shown = shown


class LoginRefused(Exception):
    pass


class FileMissing(Exception):
    pass


def check_sftp_url(url: str) -> SplitResult:
    """What can be told without asking anybody. Raises Refused."""
    if len(url) > LONGEST_URL or CONTROL.search(url):
        raise Refused("form")
    try:
        parts = urlsplit(url)
        port, host = parts.port or PORT, (parts.hostname or "").encode("idna")
    except (ValueError, UnicodeError):
        raise Refused("form") from None
    named = parts.username is not None or parts.password is not None
    if parts.scheme != "sftp" or not host or named or len(parts.path) < 2:
        raise Refused("form")
    if port != PORT and port < FIRST_OWN_PORT and not settings.WEBHOOK_ALLOW_PRIVATE:
        raise Refused("port")
    return parts


def download(
    url: str,
    *,
    user: str,
    secret: str,
    fingerprints: Collection[str],
    into: IO[bytes],
    at_most: int,
) -> None:
    """All of the file, or an exception. `secret`: a password, or a private key in its own form."""
    # Nearly half a second to import, and only a worker that fetches needs it.
    import asyncssh

    # Else it logs a dozen lines for a file, with the account among them.
    asyncssh.set_log_level("WARNING")
    parts = check_sftp_url(url)
    host = (parts.hostname or "").encode("idna").decode()
    keys = _Keys(fingerprints)
    try:
        login = _login(user, secret, keys)
        port = parts.port or PORT
        # To an address that was checked, not to what the name means a moment later.
        with dial_any(addresses_of(host, port), port) as wire:
            asyncio.run(_fetch(wire, unquote(parts.path), login, into, at_most))
    except asyncssh.HostKeyNotVerifiable:
        raise WrongHostKey(keys.shown) from None
    except (asyncssh.PermissionDenied, asyncssh.SFTPPermissionDenied, asyncssh.KeyImportError):
        raise LoginRefused from None
    except (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath):
        raise FileMissing from None
    except asyncssh.Error as error:
        raise Unreachable(type(error).__name__) from error
    except OSError as error:
        raise Unreachable(words_of(error, timed_out=False)) from error


class _Keys:
    """Which keys of the server are good; `shown` is the one that was not."""

    def __init__(self, fingerprints: Collection[str]) -> None:
        self.fingerprints = fingerprints
        self.shown = ""

    def is_good(self, key: asyncssh.SSHKey) -> bool:
        self.shown = key.get_fingerprint()
        return self.shown in self.fingerprints


def _login(user: str, secret: str, keys: _Keys) -> dict[str, Any]:
    """Nothing that the account or the machine of the worker has of its own."""
    import asyncssh

    class Client(asyncssh.SSHClient):
        def validate_host_public_key(
            self, host: str, addr: str, port: int, key: asyncssh.SSHKey
        ) -> bool:
            return keys.is_good(key)

    is_key = "PRIVATE KEY" in secret
    return {
        "client_factory": Client,
        "known_hosts": ([], [], []),
        "username": user,
        "password": None if is_key else secret,
        "client_keys": [asyncssh.import_private_key(secret)] if is_key else None,
        "agent_path": None,
        "config": None,
        "gss_auth": False,
        "gss_kex": False,
    }


async def _fetch(
    wire: socket.socket, path: str, login: dict[str, Any], into: IO[bytes], at_most: int
) -> None:
    import asyncssh

    async with (
        asyncio.timeout(FILE_SECONDS),
        asyncssh.connect(sock=wire, **login) as connection,
        connection.start_sftp_client() as server,
    ):
        before = await server.stat(path)
        async with server.open(path, "rb") as file:
            size = await _copy(file, into, at_most=at_most)
        after = await server.stat(path)
    if (after.size, after.mtime) != (before.size, before.mtime) or after.size != size:
        raise Unreachable("still being written")


async def _copy(file: asyncssh.SFTPClientFile, into: IO[bytes], *, at_most: int) -> int:
    size = 0
    while chunk := await file.read(_CHUNK):
        size += len(chunk)
        if size > at_most:
            raise TooLarge
        into.write(chunk if isinstance(chunk, bytes) else chunk.encode())
    return size
