"""Addresses of single answers, as long as Delighted's, that nobody guesses."""

from __future__ import annotations

import hashlib
import hmac
import re

_TOKEN = re.compile(r"([0-9a-f]{12})[0-9a-f]{20}")


def permalink_token(pk: int, *, secret: str) -> str:
    shown = f"{pk:012x}"
    digest = hmac.new(secret.encode(), f"koe permalink {shown}".encode(), hashlib.sha256)
    return shown + digest.hexdigest()[:20]


def permalink_pk(token: str, *, secrets: list[str]) -> int | None:
    found = _TOKEN.fullmatch(token)
    if found is None:
        return None
    pk = int(found[1], 16)
    fits = (hmac.compare_digest(token, permalink_token(pk, secret=each)) for each in secrets)
    return pk if any(fits) else None
