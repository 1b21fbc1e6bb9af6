"""The local inbox on disk: a Maildir, whose e-mails are read when they are asked for."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from functools import cached_property
from pathlib import Path


class Mail:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.key = path.name

    @property
    def received_at(self) -> datetime:
        return datetime.fromtimestamp(self.path.stat().st_mtime, tz=UTC)

    @property
    def subject(self) -> str:
        return str(self._head.get("Subject", ""))

    @property
    def recipient(self) -> str:
        return str(self._head.get("To", ""))

    @cached_property
    def _head(self) -> EmailMessage:
        # This parser leaves the body, however large, alone.
        return BytesHeaderParser(policy=email.policy.default).parsebytes(self.source())

    def source(self) -> bytes:
        return self.path.read_bytes()

    def message(self) -> EmailMessage:
        return email.message_from_bytes(self.source(), policy=email.policy.default)


def find_mails(folder: Path, wanted: str = "") -> list[Mail]:
    """Those whose recipient or subject contains `wanted`, newest first."""
    needle = wanted.strip().casefold()
    return [
        mail
        for mail in newest_first(folder)
        if not needle or needle in f"{mail.recipient} {mail.subject}".casefold()
    ]


def find_mail(folder: Path, key: str) -> Mail | None:
    return next((mail for mail in newest_first(folder) if mail.key == key), None)


def newest_first(folder: Path) -> Iterator[Mail]:
    arrived = (folder / "new").glob("*")
    return map(Mail, sorted(arrived, key=lambda path: path.stat().st_mtime_ns, reverse=True))


def part_text(message: EmailMessage, kind: str) -> str | None:
    """The text or HTML body ("plain" or "html") as a string, or None where the mail has none."""
    part = message.get_body(preferencelist=(kind,))
    if part is None:
        return None
    try:
        text = part.get_content()
    except LookupError:  # a charset that Python has never heard of
        part.set_param("charset", "utf-8")
        text = part.get_content()
    # On the wire lines end in CR LF.
    return str(text).replace("\r\n", "\n")
