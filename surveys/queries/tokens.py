"""Tokens of mailed links: an invitation's random id and a keyed proof, bound to one purpose.

The database holds the id but not the proof, so whoever reads it cannot build a link, and a link
for one purpose never works for another.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from django.conf import settings

ID_LENGTH = 22
PROOF_LENGTH = 22


class Purpose(StrEnum):
    ANSWER = "answer"
    OPT_OUT = "opt-out"
    TEST = "test"


def make_token(purpose: Purpose, public_id: str) -> str:
    return public_id + _proof(settings.SECRET_KEY, purpose, public_id)


def read_token(purpose: Purpose, token: str) -> str | None:
    """The invitation's public id, or None for anything that we did not make for this purpose."""
    public_id, proof = token[:ID_LENGTH], token[ID_LENGTH:].encode(errors="replace")
    # The proof is computed for anything, so that the time tells nothing of what was wrong.
    valid = [
        hmac.compare_digest(proof, _proof(key, purpose, public_id).encode()) for key in _keys()
    ]
    well_formed = len(token) == ID_LENGTH + PROOF_LENGTH and token.isascii()
    return public_id if well_formed and any(valid) else None


class Link(NamedTuple):
    token: str
    public_id: str | None
    """Of the invitation; None where the token is none of ours."""


class AnswerLink:
    """How the addresses of the answer page are read: `path("s/<answer_link:link>/", …)`."""

    regex = "[^/]+"

    def to_python(self, value: str) -> Link:
        # Never refused here: whoever follows a broken link gets our page that says so.
        return Link(value, read_token(Purpose.ANSWER, value))

    def to_url(self, value: str) -> str:
        return value


def answer_url(public_id: str) -> str:
    return f"{settings.SITE_URL}/s/{make_token(Purpose.ANSWER, public_id)}/"


def opt_out_url(public_id: str) -> str:
    return f"{settings.SITE_URL}/u/{make_token(Purpose.OPT_OUT, public_id)}/"


def _keys() -> Iterator[str]:
    yield settings.SECRET_KEY
    yield from settings.SECRET_KEY_FALLBACKS


def _proof(key: str, purpose: Purpose, public_id: str) -> str:
    message = f"koe {purpose} {public_id}".encode(errors="replace")
    digest = hmac.digest(key.encode(), message, "sha256")[:16]
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
