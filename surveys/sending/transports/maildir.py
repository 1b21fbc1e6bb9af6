"""E-mails as files of a Maildir, each with its envelope: for trying out, and for other programs."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.conf import settings

from surveys.domain.mail.delivery import AttemptOutcome, Verdict
from surveys.domain.reasons import InvitationReason, lost_at
from surveys.models import Campaign
from surveys.sending.messages import emails
from surveys.sending.transports.base import Result, Template

WRITING, MOVING, KEPT = "writing", "moving", "kept"


class MaildirTransport:
    """A file appears in `new/` whole or not at all."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or Path(settings.INBOX_DIR)
        self._phase = WRITING

    def compile(self, campaign: Campaign, *, language: str, reminder: bool) -> Template:
        return emails.compile_mail(campaign, language=language, reminder=reminder)

    def send(self, message: bytes, *, sender: str, recipient: str) -> Result:
        self._phase = WRITING
        name = f"{secrets.token_hex(16)}.eml"
        envelope = f"Return-Path: <{sender}>\r\nDelivered-To: {recipient}\r\n".encode()
        try:
            for part in ("tmp", "new"):
                (self.folder / part).mkdir(parents=True, exist_ok=True)
            with (self.folder / "tmp" / name).open("wb") as file:
                file.write(envelope + message)
                file.flush()
                os.fsync(file.fileno())
            # Set before the move: an interruption right after it must not look like "not there".
            self._phase = MOVING
            (self.folder / "tmp" / name).rename(self.folder / "new" / name)
        except OSError as error:
            return self._not_kept(str(error))
        self._phase = KEPT
        return Result(KEPT, 250, name, Verdict(AttemptOutcome.SENT, "accepted"))

    def interrupted(self) -> Result:
        if self._phase == WRITING:
            return self._not_kept("interrupted")
        verdict = Verdict(AttemptOutcome.UNKNOWN, InvitationReason.WORKER_LOST)
        return Result(self._phase, None, "interrupted", verdict)

    def close(self) -> None:
        """Nothing is kept open."""

    def _not_kept(self, text: str) -> Result:
        verdict = Verdict(AttemptOutcome.RETRY, lost_at(WRITING), domain_refused=True)
        return Result(WRITING, None, text[:300], verdict, at_our_server=True)
