"""One GET from a bucket of S3, signed as AWS describes it (Signature Version 4)."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from urllib.parse import parse_qsl, quote, unquote, urlsplit

_NO_BODY = hashlib.sha256(b"").hexdigest()


def signed_headers(
    url: str, *, region: str, key_id: str, secret: str, now: dt.datetime
) -> dict[str, str]:
    """Of a request for exactly this address; the path must be sent as `canonical_path` has it."""
    parts = urlsplit(url)
    moment = now.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")
    given = {"host": parts.netloc, "x-amz-content-sha256": _NO_BODY, "x-amz-date": moment}
    names = ";".join(given)
    lines = "".join(f"{name}:{value}\n" for name, value in given.items())
    request = "\n".join(
        ["GET", canonical_path(parts.path), _query(parts.query), lines, names, _NO_BODY]
    )
    scope = f"{moment[:8]}/{region}/s3/aws4_request"
    text = "\n".join(["AWS4-HMAC-SHA256", moment, scope, _digest(request)])
    key = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        key = _keyed(key, part)
    signature = _keyed(key, text).hex()
    head = f"AWS4-HMAC-SHA256 Credential={key_id}/{scope}"
    sent = {name: value for name, value in given.items() if name != "host"}
    return {**sent, "Authorization": f"{head},SignedHeaders={names},Signature={signature}"}


def canonical_path(path: str) -> str:
    return quote(unquote(path or "/"), safe="/-_.~")


def _query(query: str) -> str:
    pairs = sorted(parse_qsl(query, keep_blank_values=True))
    return "&".join(
        f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}" for name, value in pairs
    )


def _keyed(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
