"""HTTP requests to addresses that somebody typed in: they reach the public internet, and no more.

A name is resolved once, every address of it is looked at, and the connection goes to an address
that was looked at, so a name that changes its mind in between (DNS rebinding) gains nothing. No
redirect is followed, no proxy of the environment is asked, and nothing is waited for or read
without end.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv4Address, IPv6Address
from typing import IO
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from common.monitoring.logs import CONTROL

PORTS = frozenset({443, 8443})
CONNECT_SECONDS = 5.0
# For the whole of a request, however slowly the other side lets bytes drip.
SECONDS = 10.0
MOST_BYTES = 64 * 1024
# Of a whole file.
FILE_SECONDS = 120.0
_CHUNK = 256 * 1024
LONGEST_URL = 2000
# Of IPv6 only what is handed out; tunnels, documentation and what is private are elsewhere or here.
_GLOBAL = ipaddress.IPv6Network("2000::/3")
_NOT_GLOBAL = tuple(
    map(ipaddress.IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"))
)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# Public by its number, and inside Azure the way to the secrets of the machine.
_OF_THE_CLOUD = IPv4Address("168.63.129.16")
# Of protocols and their relays; older Pythons call parts of them global.
_OF_PROTOCOLS = tuple(map(ipaddress.IPv4Network, ("192.0.0.0/24", "192.88.99.0/24")))


class Refused(Exception):
    """We do not go there; `reason` is one of the words of `labels` of whoever asks."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Unreachable(Exception):
    """Nothing came back, or not in time."""


class TooLarge(Exception):
    """More would come than was asked for."""


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    # As much of it as is read.
    body: bytes


def is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, IPv4Address):
        return _is_public_v4(ip)
    if "%" in address:
        return False
    inside = _inside(ip)
    if inside is not None:
        return _is_public_v4(inside)
    return ip in _GLOBAL and not any(ip in each for each in _NOT_GLOBAL) and ip.is_global


def _is_public_v4(ip: IPv4Address) -> bool:
    odd = ip.is_multicast or ip.is_reserved or any(ip in each for each in _OF_PROTOCOLS)
    return ip.is_global and not odd and ip != _OF_THE_CLOUD


def _inside(ip: IPv6Address) -> IPv4Address | None:
    """The address that a packet to this one would be sent on to."""
    if ip.ipv4_mapped is not None:
        return ip.ipv4_mapped
    return IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else None


def check_url(url: str) -> SplitResult:
    """What can be told without asking anybody. Raises Refused."""
    if len(url) > LONGEST_URL or CONTROL.search(url) or any(sign in url for sign in " \\"):
        raise Refused("form")
    try:
        parts = urlsplit(url)
        port, host = parts.port, (parts.hostname or "").encode("idna")
    except (ValueError, UnicodeError):
        raise Refused("form") from None
    if not host or parts.username is not None or parts.password is not None:
        raise Refused("form")
    private = settings.WEBHOOK_ALLOW_PRIVATE
    if parts.scheme != "https" and not (private and parts.scheme == "http"):
        raise Refused("scheme")
    if port is not None and port not in PORTS and not private:
        raise Refused("port")
    return parts


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Reply:
    """Raises Refused where we may not go, Unreachable where nobody answers."""
    return _request("POST", url, body, headers)


def get(url: str) -> Reply:
    """As `post`."""
    return _request("GET", url, None, {})


def download(url: str, headers: Mapping[str, str], *, into: IO[bytes], at_most: int) -> Reply:
    """As `get`, with the body of a 200 written to a file: all of it, or an exception."""
    with _answer("GET", url, None, headers, seconds=FILE_SECONDS) as answer:
        if answer.status == http.client.OK:
            _copy(answer, into, at_most=at_most)
        return Reply(answer.status, dict(answer.headers.items()), b"")


def _copy(answer: http.client.HTTPResponse, into: IO[bytes], *, at_most: int) -> None:
    # An answer that ends where the connection ends cannot be told from the half of one.
    if answer.length is None and not answer.chunked:
        raise Unreachable("length unknown")
    left = at_most
    if (answer.length or 0) > left:
        raise TooLarge
    while chunk := answer.read(_CHUNK):
        left -= len(chunk)
        if left < 0:
            raise TooLarge
        into.write(chunk)
    if answer.length:
        raise Unreachable("cut off")


def _request(method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> Reply:
    with _answer(method, url, body, headers, seconds=SECONDS) as answer:
        return Reply(answer.status, dict(answer.headers.items()), answer.read(MOST_BYTES))


@contextmanager
def _answer(
    method: str, url: str, body: bytes | None, headers: Mapping[str, str], *, seconds: float
) -> Iterator[http.client.HTTPResponse]:
    parts = check_url(url)
    host = (parts.hostname or "").encode("idna").decode()
    port = parts.port or (443 if parts.scheme == "https" else 80)
    connection = _Pinned(
        host, port, addresses=addresses_of(host, port), secure=parts.scheme == "https"
    )
    # Of the socket; a server that sends a byte a minute would hold us for ever.
    watch = threading.Timer(seconds, connection.cut)
    watch.start()
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request(method, quoted(target), body, dict(headers))
        with connection.getresponse() as answer:
            yield answer
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Unreachable(words_of(error, timed_out=connection.was_cut)) from error
    finally:
        watch.cancel()
        connection.close()


def quoted(target: str) -> str:
    """What stands outside ASCII, as browsers send it."""
    return "".join(
        sign if sign.isascii() else "".join(f"%{byte:02X}" for byte in sign.encode())
        for sign in target
    )


def addresses_of(host: str, port: int) -> list[str]:
    """All of them, asked for once; one that is not public spoils the name."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable(f"name not found: {type(error).__name__}") from error
    addresses = list(dict.fromkeys(str(each[4][0]) for each in found))
    if not settings.WEBHOOK_ALLOW_PRIVATE and not all(map(is_public, addresses)):
        raise Refused("private")
    return addresses


class _Pinned(http.client.HTTPConnection):
    """Goes to the addresses it is given; certificate, SNI and Host are those of the name."""

    def __init__(self, host: str, port: int, *, addresses: list[str], secure: bool) -> None:
        super().__init__(host, port, timeout=CONNECT_SECONDS)
        self.default_port = 443 if secure else 80
        self.addresses, self.secure, self.was_cut = addresses, secure, False
        # The library lets go of its socket while an answer is still read from it.
        self.wire: socket.socket | None = None

    def connect(self) -> None:
        plain = dial_any(self.addresses, self.port, is_over=lambda: self.was_cut)
        try:
            self.wire = (
                _trust().wrap_socket(plain, server_hostname=self.host) if self.secure else plain
            )
        except BaseException:
            plain.close()
            raise
        self.sock = self.wire
        self.sock.settimeout(SECONDS)

    def cut(self) -> None:
        self.was_cut = True
        if self.wire is not None:
            with suppress(OSError):  # It has just ended by itself.
                self.wire.shutdown(socket.SHUT_RDWR)


def dial_any(
    addresses: Sequence[str], port: int, *, is_over: Callable[[], bool] = lambda: False
) -> socket.socket:
    """The first that answers; a name may have an address that this machine has no way to."""
    errors: list[OSError] = []
    for address in addresses[:4]:
        if is_over():
            break
        try:
            return dial(address, port)
        except OSError as error:
            errors.append(error)
    raise errors[-1] if errors else OSError("no address")


def dial(address: str, port: int) -> socket.socket:
    """`socket.create_connection` would ask the resolver, if only how to read the number."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        made.settimeout(CONNECT_SECONDS)
        made.connect((address, port))
    except OSError:
        made.close()
        raise
    return made


@cache
def _trust() -> ssl.SSLContext:
    """Reading the certificates of the system takes longer than many a request."""
    return ssl.create_default_context()


def words_of(error: Exception, *, timed_out: bool) -> str:
    """Without the address, which is a secret of its own, and without what the server wrote."""
    if timed_out or isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, ssl.SSLError):
        return f"TLS: {getattr(error, 'verify_message', '') or error.reason or 'failed'}"
    return str(getattr(error, "strerror", None) or type(error).__name__)
