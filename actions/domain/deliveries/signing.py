"""Signatures of Standard Webhooks (standardwebhooks.com), so that a receiver can tell our posts."""

from __future__ import annotations

import base64
import hashlib
import hmac

PREFIX = "whsec_"
SECRET_BYTES = 32


def signed_headers(secret: str, *, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """`secret`: PREFIX and the key in base64."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    content = b".".join((message_id.encode(), str(timestamp).encode(), body))
    digest = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{digest}",
    }


def secret_from(key: bytes) -> str:
    return PREFIX + base64.b64encode(key).decode()
