"""What an API key looks like, and how one is read from a request."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import datetime

PREFIX_LENGTH = 8
_KEY = re.compile(r"koe_([0-9a-z]{8})_[0-9A-Za-z_-]{43}", re.ASCII)
# Much longer than any header that holds a key of ours.
_LONGEST_HEADER = 400


def key_text(prefix: str, secret: str) -> str:
    return f"koe_{prefix}_{secret}"


def prefix_in(key: str) -> str | None:
    """By which a key's row is found; None where it cannot be one of ours."""
    found = _KEY.fullmatch(key)
    return found[1] if found else None


def digest_of(key: str) -> str:
    """What is stored of a key. Its 256 random bits need no slow hash."""
    return hashlib.sha256(key.encode()).hexdigest()


def key_in(header: str) -> str:
    """Of an Authorization header: `Bearer KEY`, or `Basic` with the key as the user.

    Delighted's Python client sends the key alone, without the colon before a password.
    """
    scheme, _, value = header[:_LONGEST_HEADER].strip().partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(value.strip()).decode("ascii").partition(":")[0]
    except ValueError:
        return ""


def is_valid(*, expires_at: datetime | None, revoked_at: datetime | None, now: datetime) -> bool:
    return revoked_at is None and (expires_at is None or now < expires_at)
