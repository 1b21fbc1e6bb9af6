"""Secrets at rest: a copy of the database alone does not give them away."""

from __future__ import annotations

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


def seal(text: str) -> str:
    return _box().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str | None:
    """None where it was sealed with a SECRET_KEY that is neither in use nor a fallback."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def _box() -> MultiFernet:
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([Fernet(_key(each)) for each in keys])


def _key(secret: str) -> bytes:
    """A key of its own, so that nothing else that the secret signs says anything of it."""
    digest = hmac.new(secret.encode(), b"koe.sealing", hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest)
