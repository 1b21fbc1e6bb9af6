"""How receivers tell our posts: by Standard Webhooks (standardwebhooks.com), or as Delighted's."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac

from standardwebhooks import Webhook

from actions.domain.deliveries.states import Kind

PREFIX = "whsec_"
SECRET_BYTES = 32


def headers_of(
    kind: Kind, secret: str, *, message_id: str, at: dt.datetime, body: bytes
) -> dict[str, str]:
    """What a kind of channel wants beside the body; `secret` is empty where there is none."""
    if not secret:
        return {}
    if kind is Kind.WEBHOOK:
        return signed_headers(secret, message_id=message_id, at=at, body=body)
    if kind is Kind.DELIGHTED:
        digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        return {"X-Delighted-Webhook-Signature": f"sha256={digest}"}
    return {"X-ChatWorkToken": secret} if kind is Kind.CHATWORK else {}


def signed_headers(secret: str, *, message_id: str, at: dt.datetime, body: bytes) -> dict[str, str]:
    """`secret`: PREFIX and the key in base64."""
    # The library takes whatever clock it is given for UTC.
    moment = at.astimezone(dt.UTC)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": Webhook(secret).sign(message_id, moment, body.decode()),
    }


def secret_from(key: bytes) -> str:
    return PREFIX + base64.b64encode(key).decode()
