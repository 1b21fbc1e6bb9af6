"""What a transport is: whatever carries an e-mail and knows how far it got with it.

`docs/recipes/add-a-transport.md` says what a new one takes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from surveys.domain.mail.delivery import Verdict
from surveys.models import Campaign


class UnfitMail(ValueError):
    """The e-mail can never be carried as it is; nothing of it was sent."""


@dataclass(frozen=True, slots=True)
class Result:
    """How far one e-mail got, what was answered there, and what follows from it."""

    phase: str
    code: int | None
    text: str
    verdict: Verdict
    # It ended on our side: the recipient's domain had no part in it.
    at_our_server: bool = False


class Template(Protocol):
    """An e-mail but for one recipient's values."""

    def fill(self, values: Mapping[str, str], /) -> bytes: ...


class Transport(Protocol):
    def compile(self, campaign: Campaign, *, language: str, reminder: bool) -> Template: ...

    def send(self, message: bytes, *, sender: str, recipient: str) -> Result:
        """Hand one e-mail over; faults are results. It opens what it needs and keeps it open.

        UnfitMail before anything is sent; any other exception broke in from outside.
        """

    def interrupted(self) -> Result:
        """Of the e-mail in hand, after an exception broke into `send`."""

    def close(self) -> None: ...
