"""The local inbox on disk: one file per mail and one index line per mail, in order of arrival."""

from __future__ import annotations

import email
import email.policy
import json
import os
import re
import secrets
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from pathlib import Path

KEY = re.compile(r"[0-9]{20}-[0-9a-f]{8}")


@dataclass(frozen=True, kw_only=True)
class Entry:
    key: str
    sender: str
    recipients: list[str]
    subject: str
    size: int

    @property
    def received_at(self) -> datetime:
        return datetime.fromtimestamp(int(self.key[:20]) / 1e9, tz=UTC)


class Inbox:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.index = folder / "index.jsonl"

    def add(self, content: bytes, *, sender: str, recipients: Sequence[str]) -> Entry:
        """Keep one mail. The file gets its name when it is whole, the index its line after that."""
        self.folder.mkdir(parents=True, exist_ok=True)
        key = f"{time.time_ns():020d}-{secrets.token_hex(4)}"
        draft = self.folder / f"{key}.part"
        draft.write_bytes(content)
        os.replace(draft, self.folder / f"{key}.eml")
        # The header parser leaves the body, however large, alone.
        head = BytesHeaderParser(policy=email.policy.default).parsebytes(content)
        entry = Entry(
            key=key,
            sender=sender,
            recipients=list(recipients),
            subject=str(head.get("Subject", "")),
            size=len(content),
        )
        with self.index.open("a", encoding="utf-8", errors="replace") as index:
            index.write(json.dumps(asdict(entry), ensure_ascii=False) + "\n")
        return entry

    def find(self, wanted: str = "") -> list[Entry]:
        """Mails whose recipient or subject contains `wanted`, newest first."""
        try:
            lines = self.index.read_text(encoding="utf-8", errors="replace").splitlines()
        except FileNotFoundError:
            return []
        entries = (_entry(line) for line in reversed(lines))
        needle = wanted.strip().casefold()
        return [
            entry
            for entry in entries
            if entry is not None
            and (not needle or needle in f"{entry.recipients} {entry.subject}".casefold())
        ]

    def source(self, key: str) -> bytes | None:
        if not KEY.fullmatch(key):
            return None
        try:
            return (self.folder / f"{key}.eml").read_bytes()
        except FileNotFoundError:
            return None

    def message(self, key: str) -> EmailMessage | None:
        content = self.source(key)
        if content is None:
            return None
        return email.message_from_bytes(content, policy=email.policy.default)


def _entry(line: str) -> Entry | None:
    try:
        return Entry(**json.loads(line))
    except (ValueError, TypeError):
        # A line cut short when the machine stopped.
        return None


def part_text(message: EmailMessage, kind: str) -> str | None:
    """The text or HTML body ("plain" or "html") as a string, or None where the mail has none."""
    part = message.get_body(preferencelist=(kind,))
    if part is None:
        return None
    try:
        text = str(part.get_content())
    except (LookupError, UnicodeDecodeError):
        payload = part.get_payload(decode=True)
        text = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
    # On the wire lines end in CR LF.
    return text.replace("\r\n", "\n")
