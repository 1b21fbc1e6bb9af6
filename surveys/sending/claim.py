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
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

from django.db import DEFAULT_DB_ALIAS, Error, InterfaceError, OperationalError, connections
from django.db import transaction as db_transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from surveys.domain.frequency import window_after
from surveys.models import Attempt, Campaign
from surveys.sending import claim_sql
from surveys.sending.messages.emails import Recipient
from surveys.sending.transports.smtp import Reply

T = TypeVar("T")
Rows = Sequence[dict[str, Any]]
Ids = set[int]
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

    invitation_id: int
    campaign: Campaign
    person_id: int
    kind: Attempt.Kind
    number: int
    recipient: Recipient
    domain: str
    # Frozen by a survey's claim; a reminder leaves them as they are.
    attributes: str = ""
    profile_id: int | None = None
    # Those whose breaker the claim must find closed.
    domains: tuple[str, str] = (NOBODY, NOBODY)
    key: Key = field(init=False)

    def __post_init__(self) -> None:
        self.key = Key(self.invitation_id, self.kind.value, self.number)


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
        with db_transaction.atomic(), database().wrap_database_errors:
            _settle(sent)
            won = _claim(mails, worker=worker, now=now)
            if next(tries):
                # The commit before may have been made although its answer was lost.
                won |= _claimed_before(mails, worker=worker)
            return won

    return persistently(both)


def settle_and_give_back(sent: Sequence[Sent], unbegun: Iterable[Key]) -> None:
    def both() -> None:
        with db_transaction.atomic(), database().wrap_database_errors:
            _settle(sent)
            _give_back(sorted(unbegun))

    persistently(both)


def may_go(mail: Mail, *, now: dt.datetime) -> bool:
    """Whether all that allowed the claim still holds: asked for each mail at its turn."""
    db = database()
    sql = claim_sql.may_go(mail.kind, db.vendor)
    values = may_go_values(mail, now=db.ops.adapt_datetimefield_value(now))

    def look() -> bool:
        with db.wrap_database_errors:
            return _execute(sql, values).fetchone() is not None

    return persistently(look)


def may_go_values(mail: Mail, *, now: Any) -> dict[str, Any]:
    """With the time as the driver takes it."""
    near, ours = mail.domains
    return {
        "id": mail.invitation_id, "number": mail.number, "near": near, "ours": ours, "now": now
    }  # fmt: skip


def persistently(work: Callable[[], T]) -> T:
    """The work, done again where the database broke a deadlock, was busy or was away a while."""
    for pause in PATIENCE:
        try:
            return work()
        except (OperationalError, InterfaceError):
            if database().in_atomic_block:
                raise
            time.sleep(pause)
            _drop_broken_connection()
    return work()


def database() -> BaseDatabaseWrapper:
    """This thread's connection itself: each look through Django's proxy costs as much as a call."""
    return connections[DEFAULT_DB_ALIAS]


def _drop_broken_connection() -> None:
    db = database()
    try:
        if not db.is_usable():
            db.close()
    except (Error, AttributeError):
        db.close()


def _claim(mails: Sequence[Mail], *, worker: str, now: dt.datetime) -> set[Key]:
    if not mails:
        return set()
    kind, vendor = mails[0].kind, database().vendor
    free_at = _moment(window_after(now))
    known = {"now": _moment(now), "kind": kind.value, "worker": worker, "free_at": free_at}
    rows = [_row(mail) for mail in mails]
    claim = _claim_at_once if vendor == "postgresql" else _claim_in_turn
    claimed, fit, won = claim(kind, rows, known)
    # They hold no slot that is free now, or somebody else made that attempt.
    lost = _among(rows, claimed - won)
    _run(claim_sql.unclaim(kind, vendor), lost)
    if kind is Attempt.Kind.SURVEY:
        _run(claim_sql.unanchor(vendor), _among(rows, fit - won))
    return {mail.key for mail in mails if mail.invitation_id in won}


def _claim_at_once(kind: Attempt.Kind, rows: Rows, known: dict[str, Any]) -> tuple[Ids, Ids, Ids]:
    """Which were claimed, of these which hold a slot, of these which have an attempt now."""
    sql = claim_sql.claim_at_once(kind, database().vendor)
    found = _execute(sql, {"listed": json.dumps(rows), **known}).fetchall()
    return (
        {pk for pk, _, _ in found},
        {pk for pk, anchored, _ in found if anchored},
        {pk for pk, _, added in found if added},
    )


def _claim_in_turn(kind: Attempt.Kind, rows: Rows, known: dict[str, Any]) -> tuple[Ids, Ids, Ids]:
    vendor = database().vendor
    claimed = fit = _changed(claim_sql.claim(kind, vendor), rows, **known)
    if kind is Attempt.Kind.SURVEY:
        fit = _changed(claim_sql.anchor(vendor), _among(rows, claimed), **known)
    won = _changed(claim_sql.add_attempts(vendor), _among(rows, fit), **known)
    return claimed, fit, won


def _claimed_before(mails: Sequence[Mail], *, worker: str) -> set[Key]:
    rows = [_row(mail) for mail in mails]
    ours = _changed(claim_sql.open_attempts(database().vendor), rows, worker=worker)
    return {mail.key for mail in mails if mail.invitation_id in ours}


def _row(mail: Mail) -> dict[str, Any]:
    near, ours = mail.domains
    return {
        "id": mail.invitation_id,
        "number": mail.number,
        "email": mail.recipient.address,
        "message_id": mail.recipient.message_id,
        "attributes": mail.attributes,
        "profile_id": mail.profile_id,
        "near": near,
        "ours": ours,
    }


def _settle(sent: Sequence[Sent]) -> None:
    vendor, adapt = database().vendor, database().ops.adapt_datetimefield_value
    for kind in Attempt.Kind:
        rows = [_settled(each, adapt) for each in sent if each.key.kind == kind]
        if vendor == "postgresql":
            _run(claim_sql.settle_at_once(kind, vendor), rows, kind=kind.value)
            continue
        _run(claim_sql.end_attempts(vendor), rows, kind=kind.value)
        settled = _changed(claim_sql.sent(kind, vendor), rows)
        if kind is Attempt.Kind.SURVEY:
            _run(claim_sql.settle_slots(vendor), _among(rows, settled))


def _settled(sent: Sent, adapt: Callable[[dt.datetime], Any]) -> dict[str, Any]:
    return {
        "id": sent.key.invitation_id,
        "number": sent.key.number,
        "code": sent.reply.code,
        "reply": sent.reply.text,
        "at": str(adapt(sent.at)),
        # Busy for a window from when the mail surely was out, a moment after the claim.
        "free_at": str(adapt(window_after(sent.at))),
    }


def _give_back(keys: Sequence[Key]) -> None:
    vendor = database().vendor
    for kind in Attempt.Kind:
        rows = [{"id": key.invitation_id, "number": key.number} for key in keys if key.kind == kind]
        # Only what is still open: the sweep may have given it up as unknown.
        sql = claim_sql.forget_attempts(vendor)
        rows = _among(rows, _changed(sql, rows, kind=kind.value))
        _run(claim_sql.unclaim(kind, vendor), rows)
        if kind is Attempt.Kind.SURVEY:
            _run(claim_sql.unanchor(vendor), rows)


def _among(rows: Rows, ids: set[int]) -> list[dict[str, Any]]:
    return [row for row in rows if row["id"] in ids]


def _changed(sql: str, rows: Rows, **values: Any) -> set[int]:
    """The ids of the listed rows that the statement returned."""
    if not rows:
        return set()
    found = _execute(sql, {"listed": json.dumps(rows), **values})
    return {pk for (pk,) in found.fetchall()}


def _run(sql: str, rows: Rows, **values: Any) -> None:
    if rows:
        _execute(sql, {"listed": json.dumps(rows), **values})


def _execute(sql: str, values: dict[str, Any]) -> Any:
    """On the driver's own cursor: Django's wrapping, and planning anew, cost more than the work."""
    db = database()
    db.ensure_connection()
    raw: Any = db.connection
    if db.vendor != "postgresql":
        return raw.execute(sql, values)
    import psycopg

    # As for Django's server-side cursors: not where a pool shares sessions between transactions.
    prepare = not db.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS")
    if prepare and raw.prepare_threshold is None:
        raw.prepare_threshold = 0
    return psycopg.Cursor(raw).execute(sql, values, prepare=prepare or None)


def _moment(moment: dt.datetime) -> Any:
    return database().ops.adapt_datetimefield_value(moment)
