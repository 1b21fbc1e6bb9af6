"""Envelope senders that name their invitation: a bounce comes back to the row it is about.

`bounces+9ix-k1z-<16 hex>@example.com`: invitation, day and a keyed proof, in digits and letters
whose case may be lost on the way. Without BOUNCE_ADDRESS mails leave from the address in From.
"""

from __future__ import annotations

import datetime as dt
import hmac
import re

from django.conf import settings

LIFE = 30  # days in which a bounce may come back
_EXTENSION = re.compile(r"\+([0-9a-z]+)-([0-9a-z]+)-([0-9a-f]{16})@", re.IGNORECASE)
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def bounce_address(invitation_id: int, *, now: dt.datetime, sender: str) -> str:
    if not settings.BOUNCE_ADDRESS:
        return sender
    local, _, domain = settings.BOUNCE_ADDRESS.rpartition("@")
    named = f"{_base36(invitation_id)}-{_base36(_day(now))}"
    return f"{local}+{named}-{_proof(settings.SECRET_KEY, named)}@{domain}"


def read_bounce_address(address: str, *, now: dt.datetime) -> int | None:
    """The id of the invitation, or None for a forged or expired address."""
    found = _EXTENSION.search(address)
    if found is None:
        return None
    number, day, proof = (part.lower() for part in found.groups())
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    genuine = [hmac.compare_digest(proof, _proof(key, f"{number}-{day}")) for key in keys]
    age = _day(now) - int(day, 36)
    return int(number, 36) if any(genuine) and age <= LIFE else None


def _proof(key: str, named: str) -> str:
    return hmac.digest(key.encode(), f"koe bounce {named}".encode(), "sha256").hex()[:16]


def _day(now: dt.datetime) -> int:
    return int(now.timestamp() // 86400)


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits or "0"
