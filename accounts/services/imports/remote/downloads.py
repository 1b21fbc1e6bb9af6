"""The file of a scheduled import as its place has it now, or the reason why it does not come."""

from __future__ import annotations

import base64
import datetime as dt
from dataclasses import dataclass, replace
from typing import IO
from urllib.parse import urljoin, urlsplit, urlunsplit

from accounts.domain.imports.scheduling import Way, same_server
from accounts.domain.reasons import Reason, ReasonCode, Refused, reason
from accounts.models import ScheduledImport
from accounts.services.imports.reading.files import MAX_UPLOAD_BYTES, MEGABYTE
from common.net import outgoing, sftp
from common.net.s3 import canonical_path, signed_headers
from common.secrets.sealing import unseal

MOVED = frozenset({301, 302, 303, 307, 308})
# From a shared document to where its content lies, and once more.
MOST_MOVES = 3
NOT_MODIFIED = 304
PASSES = frozenset({408, 425, 429, *range(500, 600)})


class NotFetched(Refused):
    """`may_pass`: the next try may go well without anybody's doing."""

    def __init__(self, why: Reason, *, may_pass: bool = False) -> None:
        super().__init__(why)
        self.may_pass = may_pass


@dataclass(frozen=True, slots=True)
class Place:
    """A scheduled import with what was sealed of it."""

    row: ScheduledImport
    url: str
    secret: str


@dataclass(frozen=True, slots=True)
class Version:
    """What a server says of the file by which it knows it again."""

    etag: str = ""
    modified: str = ""


def place_of(row: ScheduledImport) -> Place:
    url = unseal(row.sealed_url)
    secret = unseal(row.sealed_secret) if row.sealed_secret else ""
    if url is None or secret is None:
        raise NotFetched(reason(ReasonCode.FETCH_SEALED))
    return Place(row, url, secret)


def download(place: Place, known: Version, *, into: IO[bytes], now: dt.datetime) -> Version | None:
    """None where the server says that the file is the known one. Raises NotFetched."""
    try:
        if place.row.way == Way.SFTP:
            return _by_sftp(place, into)
        return _by_http(place, known, into, now=now)
    except outgoing.Refused as refused:
        is_private = refused.reason == "private"
        code = ReasonCode.FETCH_PRIVATE if is_private else ReasonCode.FETCH_ADDRESS
        raise NotFetched(reason(code)) from None
    except outgoing.Unreachable as error:
        why = reason(ReasonCode.FETCH_UNREACHABLE, detail=error)
        raise NotFetched(why, may_pass=True) from None
    except outgoing.TooLarge:
        limit = MAX_UPLOAD_BYTES // MEGABYTE
        raise NotFetched(reason(ReasonCode.FETCH_TOO_LARGE, limit=limit)) from None
    except sftp.WrongHostKey as error:
        raise NotFetched(reason(ReasonCode.FETCH_HOST_KEY, value=error.shown)) from None
    except sftp.LoginRefused:
        raise NotFetched(reason(ReasonCode.FETCH_LOGIN)) from None
    except sftp.FileMissing:
        raise NotFetched(reason(ReasonCode.FETCH_MISSING)) from None


def _by_sftp(place: Place, into: IO[bytes]) -> Version:
    sftp.download(
        place.url,
        user=place.row.user,
        secret=place.secret,
        fingerprints=place.row.host_keys,
        into=into,
        at_most=MAX_UPLOAD_BYTES,
    )
    return Version()


def _by_http(place: Place, known: Version, into: IO[bytes], *, now: dt.datetime) -> Version | None:
    conditions = {"If-None-Match": known.etag, "If-Modified-Since": known.modified}
    asked = {name: value for name, value in conditions.items() if value}
    if place.row.way == Way.S3:
        place = replace(place, url=_as_signed(place.url))
    for _ in range(MOST_MOVES + 1):
        headers = asked | _login(place, now=now)
        reply = outgoing.download(place.url, headers, into=into, at_most=MAX_UPLOAD_BYTES)
        given = {name.lower(): value for name, value in reply.headers.items()}
        if reply.status not in MOVED or "location" not in given:
            break
        place = _moved(place, urljoin(place.url, given["location"]))
    if reply.status == NOT_MODIFIED:
        return None
    _check(reply.status)
    return Version(given.get("etag", "")[:300], given.get("last-modified", "")[:100])


def _as_signed(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.lower(), path=canonical_path(parts.path)))


def _moved(place: Place, url: str) -> Place:
    """Another server hears nothing of the password."""
    return replace(place, url=url, secret=place.secret if same_server(place.url, url) else "")


def _login(place: Place, *, now: dt.datetime) -> dict[str, str]:
    row, secret = place.row, place.secret
    if not secret:
        return {}
    if row.way == Way.S3:
        return signed_headers(place.url, region=row.region, key_id=row.user, secret=secret, now=now)
    if not row.user:
        return {"Authorization": f"Bearer {secret}"}
    pair = base64.b64encode(f"{row.user}:{secret}".encode()).decode()
    return {"Authorization": f"Basic {pair}"}


def _check(status: int) -> None:
    if status == 200:
        return
    if status in (401, 403):
        raise NotFetched(reason(ReasonCode.FETCH_LOGIN))
    if status in (404, 410):
        raise NotFetched(reason(ReasonCode.FETCH_MISSING))
    why = reason(ReasonCode.FETCH_STATUS, status=status)
    raise NotFetched(why, may_pass=status in PASSES)
