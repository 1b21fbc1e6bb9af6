"""SMTP: one kept-open connection that says how far each e-mail got. Knows no rows.

smtplib raises the same exception for a connection lost before the greeting (safe to try again)
and after the final dot (nobody knows), so the phase is tracked here and not read off exceptions.
"""

from __future__ import annotations

import re
import select
import smtplib
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.mail.utils import DNS_NAME

from surveys.domain.mail.delivery import Phase
from surveys.sending.transports.base import UnfitMail

# RFC 5321 4.5.3.2.6 asks for ten minutes after the final dot; a task has less.
DOT_TIMEOUT = 90
STEP_TIMEOUT = 60
_MORE_FOLLOWS = getattr(socket, "MSG_MORE", 0)
_TEXT = bytes(set(range(256)) - set(b"\r\n\0"))
_STALE = {None, 421}
_STEPS = ((Phase.MAIL, {250}), (Phase.RCPT, {250, 251}), (Phase.DATA, {354}))
Commands = tuple[bytes, bytes, bytes]
_ADDRESS = re.compile(r"[\x21-\x3b\x3d\x3f-\x7e]+@[A-Za-z0-9.\-\[\]:]+")


@dataclass(frozen=True, slots=True)
class Reply:
    """Where the conversation about one mail ended; `code` is None where the connection was lost."""

    phase: Phase
    code: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Server:
    host: str
    port: int
    username: str = ""
    password: str = ""
    use_tls: bool = False
    use_ssl: bool = False
    timeout: float = STEP_TIMEOUT
    dot_timeout: float = DOT_TIMEOUT


def server_from_settings() -> Server:
    timeout = settings.EMAIL_TIMEOUT or STEP_TIMEOUT
    return Server(
        host=settings.EMAIL_HOST,
        port=int(settings.EMAIL_PORT),
        username=settings.EMAIL_HOST_USER or "",
        password=settings.EMAIL_HOST_PASSWORD or "",
        use_tls=bool(settings.EMAIL_USE_TLS),
        use_ssl=bool(settings.EMAIL_USE_SSL),
        timeout=timeout,
        dot_timeout=max(timeout, DOT_TIMEOUT),
    )


class Connection:
    """Opens itself when needed, is reused from mail to mail and reopened when it broke."""

    def __init__(self, server: Server) -> None:
        self.server = server
        # Public: whoever interrupts `send` by an exception of their own still learns the phase.
        self.phase = Phase.CONNECT
        self._smtp: smtplib.SMTP | None = None

    def send(self, *, sender: str, recipient: str, message: bytes) -> Reply:
        """Hand one e-mail over. SMTP faults are replies, never exceptions."""
        commands = (_command("MAIL FROM", sender), _command("RCPT TO", recipient), b"DATA\r\n")
        body = _body(message)
        was_open = self._smtp is not None
        reply = self._attempt(commands, body)
        if was_open and reply.phase is Phase.MAIL and reply.code in _STALE:
            # The server had closed the idle connection: nothing of this mail was said yet.
            self.close()
            reply = self._attempt(commands, body)
        return reply

    def close(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None

    def quit(self) -> None:
        """Take leave; what the server answers no longer matters."""
        if self._smtp is not None:
            with suppress(OSError):
                self._smtp.quit()
            self.close()

    def _attempt(self, commands: Commands, body: bytes) -> Reply:
        self.phase = Phase.CONNECT
        try:
            reply = self._converse(self._open(), commands, body)
            if reply.phase is not Phase.ACCEPTED:
                self._recover(reply)
        except OSError as error:  # smtplib's exceptions are OSErrors too
            self.close()
            return Reply(self.phase, _code(error), str(error)[:300])
        except BaseException:
            self.close()
            raise
        return reply

    def _open(self) -> smtplib.SMTP:
        if self._smtp is not None:
            return self._smtp
        server = self.server
        smtp: smtplib.SMTP
        where: dict[str, Any] = {"local_hostname": DNS_NAME.get_fqdn(), "timeout": server.timeout}
        try:
            if server.use_ssl:
                context = ssl.create_default_context()
                smtp = smtplib.SMTP_SSL(server.host, server.port, context=context, **where)
            else:
                smtp = smtplib.SMTP(server.host, server.port, **where)
        except smtplib.SMTPException:
            self.phase = Phase.GREETING  # connected, but refused or dropped by the greeting
            raise
        self._smtp = smtp
        self.phase = Phase.GREETING
        # The final dot is a write of its own and must not wait for the body's acknowledgement.
        _socket_of(smtp).setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        smtp.ehlo_or_helo_if_needed()
        if server.use_tls:
            smtp.starttls(context=ssl.create_default_context())
            smtp.ehlo_or_helo_if_needed()
        if server.username:
            smtp.login(server.username, server.password)
        return smtp

    def _converse(self, smtp: smtplib.SMTP, commands: Commands, body: bytes) -> Reply:
        """MAIL, RCPT, DATA (at once where the server offers that), body, final dot."""
        self.phase = Phase.MAIL
        if smtp.has_extn("pipelining"):
            refusal = self._say_at_once(smtp, commands)
        else:
            refusal = self._say_in_turn(smtp, commands)
        return refusal or self._write(smtp, body)

    def _say_in_turn(self, smtp: smtplib.SMTP, commands: Commands) -> Reply | None:
        for command, (phase, wanted) in zip(commands, _STEPS, strict=True):
            self.phase = phase
            _socket_of(smtp).sendall(command)
            code, text = smtp.getreply()
            if code not in wanted:
                return Reply(phase, _known(code), _text(text))
        return None

    def _say_at_once(self, smtp: smtplib.SMTP, commands: Commands) -> Reply | None:
        self.phase = Phase.MAIL
        _socket_of(smtp).sendall(b"".join(commands))
        for number, (phase, wanted) in enumerate(_STEPS):
            self.phase = phase
            code, text = smtp.getreply()
            if code not in wanted:
                self._hear_out(smtp, answers=len(_STEPS) - number - 1, heard=code)
                return Reply(phase, _known(code), _text(text))
        return None

    def _hear_out(self, smtp: smtplib.SMTP, *, answers: int, heard: int) -> None:
        """The answers to what was said after the refusal; a loss here does not change it."""
        try:
            for _ in range(answers):
                heard, _text_of_it = smtp.getreply() if heard != 421 else (421, b"")
        except OSError:
            self.close()
        if heard == 354:
            self.close()  # it waits for a body that must not come

    def _write(self, smtp: smtplib.SMTP, body: bytes) -> Reply:
        self.phase = Phase.BODY
        sock = _socket_of(smtp)
        is_plain = not self.server.use_ssl and not self.server.use_tls
        # The last packet may wait for the dot that is to follow.
        sock.sendall(body, _MORE_FOLLOWS if is_plain else 0)
        if is_plain and _has_spoken(sock):
            # A reply or a hang-up before the final dot: not accepted, and the dot is not sent.
            code, text = smtp.getreply()
            self.close()
            return Reply(Phase.BODY, _known(code), _text(text))
        # Set before the write: an interruption right after it must not look like "not written".
        self.phase = Phase.DOT_WRITTEN
        try:
            sock.sendall(b".\r\n")
        except OSError:
            self.phase = Phase.BODY  # the dot did not leave this machine
            raise
        sock.settimeout(self.server.dot_timeout)
        code, text = smtp.getreply()
        sock.settimeout(self.server.timeout)
        if 200 <= code < 300:
            self.phase = Phase.ACCEPTED
        return Reply(self.phase, _known(code), _text(text))

    def _recover(self, reply: Reply) -> None:
        """Make the connection fit for the next mail, or drop it."""
        if self._smtp is None:
            return
        if reply.code in _STALE:
            self.close()
            return
        try:
            self._smtp.rset()
        except OSError:
            self.close()


def _command(verb: str, address: str) -> bytes:
    return f"{verb}:<{_fit(address)}>\r\n".encode("ascii")


def _fit(address: str) -> str:
    """The address as the envelope takes it: ASCII, an international domain as punycode."""
    local, at, domain = address.rpartition("@")
    try:
        plain = address if address.isascii() else f"{local}{at}{domain.encode('idna').decode()}"
    except UnicodeError:
        plain = ""
    if not plain.isascii() or not _ADDRESS.fullmatch(plain):
        raise UnfitMail(f"{address!r} cannot be an envelope address.")
    return plain


def _body(message: bytes) -> bytes:
    """With leading dots doubled. A bare CR or LF could smuggle a second mail past a server."""
    ends = message.translate(None, delete=_TEXT)
    if ends != b"\r\n" * (len(ends) // 2):
        raise UnfitMail("The message has a bare line feed, carriage return or null.")
    if not message.isascii():
        raise UnfitMail("The message is not 7-bit.")
    if b"\r\n." in message:
        message = message.replace(b"\r\n.", b"\r\n..")
    if message.startswith(b"."):
        message = b"." + message
    return message if message.endswith(b"\r\n") else message + b"\r\n"


def _socket_of(smtp: smtplib.SMTP) -> socket.socket:
    if smtp.sock is None:
        raise smtplib.SMTPServerDisconnected("The connection was closed.")
    return smtp.sock


def _has_spoken(sock: socket.socket) -> bool:
    watch = select.poll()
    watch.register(sock, select.POLLIN | select.POLLHUP | select.POLLERR)
    return bool(watch.poll(0))


def _code(error: OSError) -> int | None:
    return _known(getattr(error, "smtp_code", 0))


def _known(code: int) -> int | None:
    return code if 200 <= code < 600 else None


def _text(text: bytes) -> str:
    return text.decode("ascii", "replace").replace("\0", "")[:300]
