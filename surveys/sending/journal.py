"""A sender's journal: a local file that outlives the process and says which mails may be out.

One line is written right before each final dot and one after the server's answer. Nothing is
synced to disk: what a killed process wrote, the kernel still has. Not so after a loss of power,
so only journals of this boot are believed. Its writer holds a lock on the file, which the kernel
releases when the process ends, however it ends: whoever gets that lock knows that it has ended.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from django.conf import settings

from surveys.domain.mail.delivery import Phase
from surveys.sending.claim import Key, Sent
from surveys.sending.transports.smtp import Reply

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class JournalError(RuntimeError):
    """The journal cannot be written, so nothing may be sent."""


class Journal:
    def __init__(self) -> None:
        folder().mkdir(parents=True, exist_ok=True)
        self.name = f"{os.uname().nodename[:40]}:{os.getpid()}:{boot()}:{secrets.token_hex(4)}"
        self.path = folder() / self.name
        # It gets its name once it is locked: nobody may find it and think that its writer ended.
        unnamed = folder() / f"new-{secrets.token_hex(8)}"
        self._file = os.open(unnamed, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL, 0o600)
        fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        unnamed.rename(self.path)

    def touch(self) -> None:
        """Right before a claim, so that the file's age tells how long ago that can have been."""
        os.utime(self._file)

    def final_dot(self, key: Key) -> None:
        # The first three of the line below, without what making JSON of a list costs.
        self._write(b'[%d, "%s", %d]' % (key.invitation_id, key.kind.encode(), key.number))

    def accepted(self, sent: Sent) -> None:
        line = [*sent.key, sent.reply.code, sent.reply.text, sent.at.isoformat()]
        self._write(json.dumps(line).encode())

    def close(self, *, finished: bool) -> None:
        """Finished: the database knows everything. Else it is left to `recovering`."""
        if finished:
            self.path.unlink(missing_ok=True)
        os.close(self._file)

    def _write(self, line: bytes) -> None:
        text = line + b"\n"
        try:
            written = os.write(self._file, text)
        except OSError as error:
            raise JournalError(f"{self.path}: {error}") from error
        if written != len(text):
            raise JournalError(f"{self.path}: only {written} of {len(text)} bytes were written")


def folder() -> Path:
    return Path(settings.VAR_DIR) / "journals"


@cache
def boot() -> str:
    """The same for all processes and containers of one kernel until it stops, and never again."""
    with suppress(OSError):
        return BOOT_ID.read_text().strip().replace("-", "")[:16]
    return f"unknown-{secrets.token_hex(4)}"  # nobody else's journal will be believed


def orphans() -> Iterator[Path]:
    """Journals whose writers have ended; each is ours alone while it is looked at."""
    if not folder().is_dir():
        return
    for path in sorted(folder().iterdir()):
        if path.name.split(":")[-2:-1] == [boot()]:
            with _lock(path) as locked:
                if locked:
                    yield path


@contextmanager
def _lock(path: Path) -> Iterator[bool]:
    try:
        file = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        yield False
        return
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield path.exists()
    finally:
        os.close(file)


def read(path: Path) -> dict[Key, Sent | None]:
    """The mails whose final dot may have left, with the answer where it was heard."""
    found: dict[Key, Sent | None] = {}
    for line in path.read_text().splitlines():
        try:
            number, kind, attempt, *answer = json.loads(line)
        except ValueError:
            continue  # cut off: its writer learned that and did not write the final dot
        key = Key(number, kind, attempt)
        found[key] = None
        if answer:
            code, text, at = answer
            reply = Reply(Phase.ACCEPTED, code, text)
            found[key] = Sent(key, reply, dt.datetime.fromisoformat(at))
    return found
