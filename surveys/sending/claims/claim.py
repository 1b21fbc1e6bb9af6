"""Claim, beginning and settlement: what is written down of an e-mail before and after it goes.

A group of e-mails is claimed by one durable commit: from then on they may go out. Each of them is
begun by a commit that only has to outlive the processes, since a crash of the database forgets all
of them: what a sender had in hand is then unknown. So a killed sender leaves one e-mail in doubt,
the one that it had begun; those before it were accepted, those after it still wait.
"""

from __future__ import annotations

import datetime as dt
import itertools
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction

from common.resilience.retry import retry
from surveys.domain.frequency import window_after
from surveys.models import Attempt
from surveys.queries.calendar.clock import database_now
from surveys.sending.claims import claim_sql
from surveys.sending.mails import Mail
from surveys.sending.transports.base import Result
from surveys.services import slots

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Accepted:
    """An e-mail whose acceptance is not written down yet."""

    invitation_id: int
    number: int
    phase: str
    code: int | None
    reply: str


def accepted(mail: Mail, result: Result) -> Accepted:
    return Accepted(mail.invitation_id, mail.number, result.phase, result.code, result.text)


def settle_and_claim(
    before: Sequence[Accepted],
    mails: Sequence[Mail],
    *,
    kind: Attempt.Kind,
    sender: str,
    at: dt.datetime | None,
) -> set[int]:
    """Settle what was accepted before and take e-mails in hand; the ids of those that are ours.

    `at`: the moment of a simulation; None: what the database's clock says.
    """
    listed = json.dumps(list(map(_listed, mails)))
    ids = _ids([mail.invitation_id for mail in mails])
    tries = itertools.count()

    def work() -> set[int]:
        # The commit before may have been made although its answer was lost.
        is_again = next(tries) > 0
        with transaction.atomic():
            moments = _moments(at)
            # First: a merge locks rows in the order of their ids, too.
            _settle(kind, before, moments)
            values = {**moments, "mails": listed, "ids": ids, "sender": sender}
            found = claim_sql.mine(kind).run(values) if is_again else []
            return {pk for (pk,) in found} | _take(kind, values)

    return retry(work)


def settle(mails: Sequence[Accepted], *, kind: Attempt.Kind, at: dt.datetime | None) -> None:
    """Write down that they were accepted; doing it again changes nothing."""

    def work() -> None:
        with transaction.atomic():
            _settle(kind, mails, _moments(at))

    if mails:
        retry(work)


def _take(kind: Attempt.Kind, values: Values) -> set[int]:
    won = [pk for (pk,) in claim_sql.find(kind).run(values)]
    if won and kind is Attempt.Kind.SURVEY:
        won = [pk for (pk,) in claim_sql.use_slots().run({**values, "ids": _ids(won)})]
    if won:
        ours = {**values, "ids": _ids(won)}
        claim_sql.take(kind).run(ours)
        claim_sql.add_attempts(kind).run(ours)
        claim_sql.enter().run({**values, "boot": boot()})
    return set(won)


def begin(mail: Mail, *, sender: str, now: dt.datetime) -> bool:
    """Mark a claimed e-mail as the one in hand; whether it still may go.

    What was begun before it, and was not settled otherwise, counts as accepted from now on.
    """
    near, ours = mail.domains
    values = {
        "id": mail.invitation_id,
        "sender": sender,
        "family": _ids(mail.family),
        "near": near,
        "ours": ours,
        "now": connection.ops.adapt_datetimefield_value(now),
    }

    statement = claim_sql.begin(mail.kind, merged=mail.is_of_merged)

    def work() -> bool:
        with _without_waiting_for_the_disk():
            return bool(statement.run(values))

    return retry(work)


def _settle(kind: Attempt.Kind, mails: Sequence[Accepted], moments: Values) -> None:
    if not mails:
        return
    listed = [
        {"id": each.invitation_id, "number": each.number, "phase": each.phase,
         "code": each.code, "reply": each.reply}
        for each in sorted(mails, key=lambda each: each.invitation_id)
    ]  # fmt: skip
    ids = _ids([each.invitation_id for each in mails])
    values = {**moments, "mails": json.dumps(listed), "ids": ids}
    # The invitation first, as a merge and the claim do.
    settled = [pk for (pk,) in claim_sql.settle(kind).run(values)]
    claim_sql.end_attempts(kind).run(values)
    if settled and kind is Attempt.Kind.SURVEY:
        spent = claim_sql.spend_slots().run({**values, "ids": _ids(settled)})
        if len(spent) < len(settled):
            slots.occupy_after_merge(settled, sent_at=moments["moment"])


@cache
def boot() -> str:
    """Of the machine's run, where a file is the database: what it had not put on disk is lost then.

    A server tells of its own crash by a table that is empty after it.
    """
    if connection.vendor == "postgresql":
        return ""
    found = Path("/proc/sys/kernel/random/boot_id")
    return found.read_text().strip() if found.exists() else ""


@contextmanager
def _without_waiting_for_the_disk() -> Iterator[None]:
    """On PostgreSQL a commit that wrote an unlogged table only does not wait anyway."""
    if connection.vendor == "postgresql" or connection.in_atomic_block or not boot():
        yield
        return
    connection.ensure_connection()
    raw: Any = connections[DEFAULT_DB_ALIAS].connection
    raw.execute("PRAGMA synchronous=NORMAL")
    try:
        yield
    finally:
        raw.execute("PRAGMA synchronous=FULL")


def _moments(at: dt.datetime | None) -> Values:
    now, text = at or database_now(), connection.ops.adapt_datetimefield_value
    return {"moment": now, "now": text(now), "busy_until": text(window_after(now))}


def _listed(mail: Mail) -> Values:
    return {
        "id": mail.invitation_id,
        "person_id": mail.person_id,
        "number": mail.number,
        "email": mail.recipient.address,
        "message_id": mail.recipient.message_id,
        "attributes": mail.attributes,
        "profile_id": mail.profile_id,
    }


def _ids(ids: Sequence[int]) -> Any:
    return list(ids) if connection.vendor == "postgresql" else json.dumps(list(ids))
