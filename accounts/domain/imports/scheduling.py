"""Files that are fetched by themselves: from where, when, and when again after a fault."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
from enum import StrEnum
from urllib.parse import unquote, urlsplit

RETRY_AFTER = dt.timedelta(minutes=10)
# With pauses between them; only then somebody is told that a file does not come.
TRIES = 3
# What still fails is told again, also where somebody said that it was seen.
TOLD_AGAIN_AFTER = dt.timedelta(days=6)
SHOWN_SIGNS = 4
DEFAULT_REGION = "us-east-1"


class Way(StrEnum):
    HTTPS = "https"
    S3 = "s3"
    SFTP = "sftp"


class Every(StrEnum):
    HOUR = "hour"
    DAY = "day"


def next_fetch(every: Every, *, hour: int, zone: dt.tzinfo, now: dt.datetime) -> dt.datetime:
    """The next full hour, or the next time that a clock of the zone shows this one."""
    if every == Every.HOUR:
        return now.replace(minute=0, second=0, microsecond=0) + dt.timedelta(hours=1)
    at = now.astimezone(zone).replace(hour=hour, minute=0, second=0, microsecond=0, fold=0)
    if at.astimezone(dt.UTC) <= now:
        at += dt.timedelta(days=1)
    return at.astimezone(dt.UTC)


def shown_address(url: str, way: Way) -> str:
    """Of an https address only so much that two can be told apart: it may be all that one needs."""
    parts = urlsplit(url)
    if way == Way.HTTPS:
        return f"{parts.netloc}/…{url[-SHOWN_SIGNS:]}"
    return f"{parts.netloc}{unquote(parts.path)}"


def same_server(one: str, other: str) -> bool:
    return urlsplit(one)[:2] == urlsplit(other)[:2]


def fingerprints_in(text: str) -> list[str]:
    """Of host keys as `ssh-keyscan` or a `.pub` file has them, or as fingerprints; none is []."""
    found: list[str] = []
    for line in text.splitlines():
        words = [] if line.lstrip().startswith("#") else line.split()
        found += [word.rstrip("=") for word in words if word.startswith("SHA256:")]
        found += [_fingerprint(word) for word in words if word.startswith("AAAA")]
    return list(dict.fromkeys(each for each in found if each))


def _fingerprint(key: str) -> str:
    try:
        content = base64.b64decode(key, validate=True)
    except binascii.Error:
        return ""
    digest = hashlib.sha256(content).digest()
    return "SHA256:" + base64.b64encode(digest).decode().rstrip("=")
