"""Claim and settle: the two moments of a mail that are written down, in plain SQL.

Mails are claimed in small groups, and the settling of one group and the claim of the next share a
transaction, so a commit serves many mails. Everything a claim depends on stands in the WHERE of its
one UPDATE; what that did not change was not won. Right before its turn each mail is looked at
again, and what was claimed and never begun is given back as if it had not been claimed.
"""

from __future__ import annotations

import datetime as dt
import itertools
import json
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

from django.db import Error, InterfaceError, OperationalError, connection
from django.db import transaction as db_transaction

from surveys.domain.frequency import window_after
from surveys.models import Attempt, Invitation
from surveys.services import claim_statements as statements
from surveys.smtp import Reply

T = TypeVar("T")
NOBODY = "-"  # no domain has this name
# A database that restarts is waited for: the outcome of the mail in hand is in our memory only.
PATIENCE = (0.05, 0.2, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)


class Key(NamedTuple):
    """One attempt."""

    invitation_id: int
    kind: str
    number: int


@dataclass(slots=True)
class Mail:
    """One mail to be claimed: what is frozen on the invitation and on its attempt."""

    invitation: Invitation
    kind: Attempt.Kind
    number: int
    email: str
    domain: str
    attributes: str
    profile_id: int | None
    # Those whose breaker the claim must find closed.
    domains: tuple[str, str] = (NOBODY, NOBODY)

    @property
    def key(self) -> Key:
        return Key(self.invitation.pk, self.kind.value, self.number)


@dataclass(frozen=True, slots=True)
class Sent:
    key: Key
    reply: Reply
    at: dt.datetime


def settle_and_claim(
    sent: Sequence[Sent], mails: Sequence[Mail], *, worker: str, now: dt.datetime
) -> set[Key]:
    """Record the group before and claim the next one, all of one kind; the keys that were won."""

    tries = itertools.count()

    def both() -> set[Key]:
        with db_transaction.atomic(), connection.wrap_database_errors:
            _settle(sent)
            won = _claim(mails, worker=worker, now=now)
            if next(tries):
                # The commit before may have been made although its answer was lost.
                won |= _claimed_before(mails, worker=worker)
            return won

    return persistently(both)


def settle_and_give_back(sent: Sequence[Sent], unbegun: Iterable[Key]) -> None:
    def both() -> None:
        with db_transaction.atomic(), connection.wrap_database_errors:
            _settle(sent)
            _give_back(sorted(unbegun))

    persistently(both)


def may_go(mail: Mail, *, now: dt.datetime) -> bool:
    """Whether all that allowed the claim still holds: asked for each mail at its turn."""
    near, ours = mail.domains
    values = {"number": mail.number, "now": _moment(now), "near": near, "ours": ours}

    def look() -> bool:
        with connection.wrap_database_errors:
            sql = statements.may_go(mail.kind, connection.vendor)
            found = _execute(sql, {"id": mail.invitation.pk, **values}).fetchone()
            return found is not None

    return persistently(look)


def persistently(work: Callable[[], T]) -> T:
    """The work, done again where the database broke a deadlock, was busy or was away a while."""
    for pause in PATIENCE:
        try:
            return work()
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block:
                raise
            time.sleep(pause)
            _drop_broken_connection()
    return work()


def _drop_broken_connection() -> None:
    try:
        if not connection.is_usable():
            connection.close()
    except (Error, AttributeError):
        connection.close()


def _claim(mails: Sequence[Mail], *, worker: str, now: dt.datetime) -> set[Key]:
    if not mails:
        return set()
    kind, vendor = mails[0].kind, connection.vendor
    free_at = _moment(window_after(now))
    known = {"now": _moment(now), "kind": kind.value, "worker": worker, "free_at": free_at}
    rows = [_row(mail) for mail in mails]
    claimed = _among(rows, _changed(statements.claim(kind, vendor), rows, **known))
    fit = claimed
    if kind is Attempt.Kind.SURVEY:
        fit = _among(fit, _changed(statements.anchor(vendor), fit, **known))
    won = _changed(statements.add_attempts(vendor), fit, **known)
    # They hold no slot that is free now, or somebody else made that attempt.
    lost = [row for row in claimed if row["id"] not in won]
    _run(statements.unclaim(kind, vendor), lost)
    if kind is Attempt.Kind.SURVEY:
        _run(statements.unanchor(vendor), [row for row in fit if row["id"] not in won])
    return {mail.key for mail in mails if mail.invitation.pk in won}


def _claimed_before(mails: Sequence[Mail], *, worker: str) -> set[Key]:
    rows = [_row(mail) for mail in mails]
    ours = _changed(statements.open_attempts(connection.vendor), rows, worker=worker)
    return {mail.key for mail in mails if mail.invitation.pk in ours}


def _row(mail: Mail) -> dict[str, Any]:
    near, ours = mail.domains
    return {
        "id": mail.invitation.pk,
        "number": mail.number,
        "email": mail.email,
        "message_id": mail.invitation.message_id,
        "attributes": mail.attributes,
        "profile_id": mail.profile_id,
        "near": near,
        "ours": ours,
    }


def _settle(sent: Sequence[Sent]) -> None:
    vendor = connection.vendor
    for kind in Attempt.Kind:
        rows = [_settled(each) for each in sent if each.key.kind == kind]
        _run(statements.end_attempts(vendor), rows, kind=kind.value)
        settled = _changed(statements.sent(kind, vendor), rows)
        if kind is Attempt.Kind.SURVEY:
            _run(statements.settle_slots(vendor), _among(rows, settled))


def _settled(sent: Sent) -> dict[str, Any]:
    return {
        "id": sent.key.invitation_id,
        "number": sent.key.number,
        "code": sent.reply.code,
        "reply": sent.reply.text,
        "at": str(_moment(sent.at)),
        # Busy for a window from when the mail surely was out, a moment after the claim.
        "free_at": str(_moment(window_after(sent.at))),
    }


def _give_back(keys: Sequence[Key]) -> None:
    vendor = connection.vendor
    for kind in Attempt.Kind:
        rows = [{"id": key.invitation_id, "number": key.number} for key in keys if key.kind == kind]
        # Only what is still open: the sweep may have given it up as unknown.
        sql = statements.forget_attempts(vendor)
        rows = _among(rows, _changed(sql, rows, kind=kind.value))
        _run(statements.unclaim(kind, vendor), rows)
        if kind is Attempt.Kind.SURVEY:
            _run(statements.unanchor(vendor), rows)


def _among(rows: Sequence[dict[str, Any]], ids: set[int]) -> list[dict[str, Any]]:
    return [row for row in rows if row["id"] in ids]


def _changed(sql: str, rows: Sequence[dict[str, Any]], **values: Any) -> set[int]:
    """The ids of the listed rows that the statement returned."""
    if not rows:
        return set()
    found = _execute(sql, {"listed": json.dumps(rows), **values})
    return {pk for (pk,) in found.fetchall()}


def _run(sql: str, rows: Sequence[dict[str, Any]], **values: Any) -> None:
    if rows:
        _execute(sql, {"listed": json.dumps(rows), **values})


def _execute(sql: str, values: dict[str, Any]) -> Any:
    """On the driver's own cursor: Django's wrapping, and planning anew, cost more than the work."""
    connection.ensure_connection()
    raw: Any = connection.connection
    if connection.vendor != "postgresql":
        return raw.execute(sql, values)
    import psycopg

    # As for Django's server-side cursors: not where a pool shares sessions between transactions.
    prepare = not connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS")
    if prepare and raw.prepare_threshold is None:
        raw.prepare_threshold = 0
    return psycopg.Cursor(raw).execute(sql, values, prepare=prepare or None)


def _moment(moment: dt.datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(moment)
