"""Claim and settlement: the two moments of an e-mail that are written down before and after it.

An e-mail is claimed by one durable commit of its own, which also settles the one before it. So at
any moment a sender has at most one e-mail in doubt: what a kill leaves claimed is unknown, and what
was not claimed still waits.
"""

from __future__ import annotations

import datetime as dt
import itertools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from common.retry import retry
from surveys.domain.frequency import window_after
from surveys.models import Attempt
from surveys.queries.clock import database_now
from surveys.sending import claim_sql
from surveys.sending.mails import Mail
from surveys.sending.transports.base import Result

Values = dict[str, Any]
NOTHING: Values = {
    **dict.fromkeys(("sent_id", "sent_number", "code")),
    **dict.fromkeys(("phase", "reply"), ""),
}


@dataclass(frozen=True, slots=True)
class Accepted:
    """An e-mail whose acceptance is not written down yet."""

    mail: Mail
    result: Result


def settle_and_claim(
    accepted: Accepted | None, mail: Mail, *, worker: str, at: dt.datetime | None
) -> bool:
    """Settle the e-mail before and claim the next; whether it is ours.

    `at`: the moment of a simulation; None: what the database's clock says.
    """
    values = _settled(accepted) | _claimed(mail, worker=worker)
    tries = itertools.count()

    def both() -> bool:
        is_again = next(tries) > 0
        with database().wrap_database_errors:
            if claim_sql.is_one_statement():
                sql = claim_sql.settle_and_claim_at_once(mail.kind)
                won = _any(sql, values | {"at": at})
            else:
                won = _in_turn(accepted, mail, values, at=at)
            # The commit before may have been made although its answer was lost.
            return won or (is_again and _any(claim_sql.is_mine(), values))

    return retry(both)


def settle(accepted: Accepted, *, at: dt.datetime | None) -> None:
    values = _settled(accepted) | {"kind": accepted.mail.kind.value}

    def work() -> None:
        with database().wrap_database_errors:
            if claim_sql.is_one_statement():
                _any(claim_sql.settle_at_once(accepted.mail.kind), values | {"at": at})
                return
            with transaction.atomic():
                _settle_in_turn(accepted.mail.kind, values | _moments(at))

    retry(work)


def database() -> BaseDatabaseWrapper:
    """This thread's connection itself: each use of Django's proxy costs as much as a call."""
    return connections[DEFAULT_DB_ALIAS]


def _in_turn(
    accepted: Accepted | None, mail: Mail, values: Values, *, at: dt.datetime | None
) -> bool:
    """Where one writer at a time holds the whole database, a statement for each table."""
    with transaction.atomic():
        values = values | _moments(at)
        if accepted:
            _settle_in_turn(accepted.mail.kind, values)
        if not _any(claim_sql.claim(mail.kind), values):
            return False
        if mail.kind is Attempt.Kind.SURVEY:
            _any(claim_sql.use_slot(), values)
        return _any(claim_sql.add_attempt(), values)


def _settle_in_turn(kind: Attempt.Kind, values: Values) -> None:
    ended, settled, kept = claim_sql.settlement(kind)
    _run(ended, values)
    if _any(settled, values) and kind is Attempt.Kind.SURVEY:
        _run(kept, values)


def _moments(at: dt.datetime | None) -> Values:
    now, text = at or database_now(), database().ops.adapt_datetimefield_value
    return {"now": text(now), "busy_until": text(window_after(now))}


def _settled(accepted: Accepted | None) -> Values:
    if accepted is None:
        return NOTHING
    mail, result = accepted.mail, accepted.result
    return {
        "sent_id": mail.invitation_id,
        "sent_number": mail.number,
        "phase": result.phase,
        "code": result.code,
        "reply": result.text,
    }


def _claimed(mail: Mail, *, worker: str) -> Values:
    near, ours = mail.domains
    return {
        "id": mail.invitation_id,
        "person_id": mail.person_id,
        "family": _list(mail.family),
        "number": mail.number,
        "kind": mail.kind.value,
        "worker": worker,
        "email": mail.recipient.address,
        "message_id": mail.recipient.message_id,
        "attributes": mail.attributes,
        "profile_id": mail.profile_id,
        "near": near,
        "ours": ours,
    }


def _list(ids: Sequence[int]) -> Any:
    return list(ids) if claim_sql.is_one_statement() else json.dumps(ids)


def _any(sql: str, values: Values) -> bool:
    return bool(_run(sql, values).fetchall())


def _run(sql: str, values: Values) -> Any:
    """On the driver's own cursor: Django's wrapping, and planning again, would cost more."""
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
        # Planning the claim takes longer than running it, and its plan fits every e-mail.
        raw.execute("SET plan_cache_mode = force_generic_plan")
    return psycopg.Cursor(raw).execute(sql, values, prepare=prepare or None)
