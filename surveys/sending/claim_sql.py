"""The statements of claim and settlement, compiled once for each kind of e-mail."""

# ruff: noqa: S608 - no value goes into the texts
from __future__ import annotations

from functools import cache
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, CharField, DateTimeField, IntegerField, JSONField

from surveys.domain.frequency import WINDOW
from surveys.domain.mail.delivery import Outcome
from surveys.domain.states import InvitationState
from surveys.domain.transitions import came_from
from surveys.models import Attempt, Invitation, Slot
from surveys.queries.clock import NOW_SQL
from surveys.sending.claimable import ID, NOW, NUMBER, claimable
from surveys.sending.compiled import Parameter, finished, select_ids, update
from surveys.services import slots

BUSY_UNTIL = Parameter("busy_until", DateTimeField())
SENT_ID = Parameter("sent_id", BigIntegerField())
SENT_NUMBER = Parameter("sent_number", IntegerField())


def _claim_values(kind: Attempt.Kind) -> dict[str, Any]:
    if kind is Attempt.Kind.REMINDER:
        return {"reminder_state": InvitationState.SENDING}
    frozen = {
        "email": Parameter("email", CharField()),
        "message_id": Parameter("message_id", CharField()),
        "attributes": Parameter("attributes", JSONField()),
        "profile": Parameter("profile_id", BigIntegerField()),
    }
    sending = {"state": InvitationState.SENDING, "reason": "", "claimed_at": NOW}
    return {**sending, "attempts_made": NUMBER, **frozen}


def _sent_values(kind: Attempt.Kind) -> dict[str, Any]:
    if kind is Attempt.Kind.REMINDER:
        return {"reminder_state": InvitationState.SENT, "reminded_at": NOW}
    return {"state": InvitationState.SENT, "reason": "", "sent_at": NOW, "settled_at": NOW}


@cache
def claim(kind: Attempt.Kind) -> str:
    """Where each table takes a statement of its own; the id comes back if it was won so far."""
    return finished(update(claimable(kind), **_claim_values(kind)) + " RETURNING id")


@cache
def use_slot() -> str:
    held = slots.to_be_used(Slot.objects.filter(held_by=ID), now=NOW)
    return finished(update(held, **slots.used(BUSY_UNTIL)) + " RETURNING id")


@cache
def add_attempt() -> str:
    return finished(_add_attempt("SELECT <<id>> AS id"))


def _add_attempt(source: str) -> str:
    return f"""
        INSERT INTO surveys_attempt (invitation_id, kind, number, email, worker, phase, reply,
            outcome, started_at)
        SELECT mine.id, <<kind>>, <<number>>, <<email>>, <<worker>>, '', '', '', <<now>>
        FROM ({source}) AS mine RETURNING invitation_id
    """


@cache
def is_mine() -> str:
    """Whether the claim was made, although its answer was lost."""
    mine = Attempt.objects.filter(
        invitation=ID,
        number=NUMBER,
        kind=Parameter("kind", CharField()),
        worker=Parameter("worker", CharField()),
        outcome="",
    )
    return finished(select_ids(mine))


@cache
def settlement(kind: Attempt.Kind) -> tuple[str, str, str]:
    """Of an accepted e-mail: its attempt, its row, its slot (for a survey whose row changed)."""
    return tuple(map(finished, _settlement(kind)))  # type: ignore[return-value]


def _settlement(kind: Attempt.Kind) -> tuple[str, str, str]:
    attempt = Attempt.objects.filter(
        invitation=SENT_ID, number=SENT_NUMBER, kind=Parameter("kind", CharField())
    ).exclude(outcome=Outcome.SENT)
    ended = update(
        attempt,
        phase=Parameter("phase", CharField()),
        code=Parameter("code", IntegerField()),
        reply=Parameter("reply", CharField()),
        outcome=Outcome.SENT,
        ended_at=NOW,
    )
    # From `unknown` too: the sweep may have given a slow one up just before it was accepted.
    column = "state" if kind is Attempt.Kind.SURVEY else "reminder_state"
    row = Invitation.objects.filter(
        pk=SENT_ID, **{f"{column}__in": sorted(came_from(InvitationState.SENT))}
    )
    if kind is Attempt.Kind.SURVEY:
        row = row.filter(attempts_made=SENT_NUMBER)
    settled = update(row, **_sent_values(kind)) + " RETURNING id"
    kept = update(Slot.objects.filter(held_by=SENT_ID), **slots.spent(BUSY_UNTIL))
    return ended, settled, kept


@cache
def settle_and_claim_at_once(kind: Attempt.Kind) -> str:
    """All of it in one statement, so that one e-mail is one way to the database and one commit.

    Only PostgreSQL writes several tables in one. The row is locked, then its slot, as everywhere;
    what is tested under these locks still holds when they are written.
    """
    steps = _settlement_steps(kind)
    # The settlement first: a merge locks rows in the order of their ids, too.
    found = f"{select_ids(claimable(kind))} AND (SELECT count(*) FROM settled) >= 0"
    steps["found"] = f"{found} FOR NO KEY UPDATE"
    ready = "found"
    if kind is Attempt.Kind.SURVEY:
        held = slots.to_be_used(Slot.objects.filter(held_by=ID), now=NOW)
        used = update(held, **slots.used(BUSY_UNTIL))
        steps["used"] = f"{used} AND EXISTS (TABLE found) RETURNING id"
        ready = "used"
    taken = update(Invitation.objects.filter(pk=ID), **_claim_values(kind))
    steps["claimed"] = f"{taken} AND EXISTS (TABLE {ready}) RETURNING id"
    steps["added"] = _add_attempt("SELECT id FROM claimed")
    return _at_once(steps, "TABLE added")


@cache
def settle_at_once(kind: Attempt.Kind) -> str:
    return _at_once(_settlement_steps(kind), "TABLE settled")


def _settlement_steps(kind: Attempt.Kind) -> dict[str, str]:
    ended, settled, kept = _settlement(kind)
    steps = {"ended": f"{ended} RETURNING id", "settled": settled}
    if kind is Attempt.Kind.SURVEY:
        steps["kept"] = f"{kept} AND EXISTS (TABLE settled) RETURNING id"
    return steps


def _at_once(steps: dict[str, str], result: str) -> str:
    named = ", ".join(f"{name} AS ({sql})" for name, sql in steps.items())
    return finished(f"WITH {named} {result}", **_expressions())


def _expressions() -> dict[str, str]:
    # The moment at which the statement came in, the same in all its parts.
    now = f"COALESCE(%(at)s::timestamptz, {NOW_SQL['postgresql']})"
    return {
        "now": now,
        "busy_until": f"({now} + interval '{WINDOW.total_seconds():.0f} seconds')",
        "family": "%(family)s::bigint[]",
        "attributes": "%(attributes)s::jsonb",
        "kind": "%(kind)s::text",
        "number": "%(number)s::int",
        "email": "%(email)s::text",
        "worker": "%(worker)s::text",
    }


def is_one_statement() -> bool:
    return connection.vendor == "postgresql"
