"""The statements of claim, beginning and settlement, compiled once for each kind of e-mail."""

# ruff: noqa: S608 - no value goes into the texts
from __future__ import annotations

from functools import cache

from django.db import connection
from django.db.models import DateTimeField, Exists

from surveys.domain.mail.delivery import AttemptOutcome
from surveys.domain.states import InvitationState
from surveys.domain.transitions import came_from
from surveys.models import Attempt, Sender, Slot
from surveys.sending.claims.claimable import ID, NOW, SENDER, IsListed, claimable, ready
from surveys.sending.compiled import Parameter, Statement, finished, select, update
from surveys.services import slots

BUSY_UNTIL = Parameter("busy_until", DateTimeField())
# A row for each e-mail of a group. `attributes` is a JSON text in a JSON text.
_LISTED = {
    "claim": {
        "id": "bigint", "person_id": "bigint", "number": "int", "email": "text",
        "message_id": "text", "attributes": "text", "profile_id": "bigint",
    },
    "settlement": {
        "id": "bigint", "number": "int", "phase": "text", "code": "int", "reply": "text",
    },
}  # fmt: skip


@cache
def find(kind: Attempt.Kind) -> Statement:
    """Locks those of the listed rows that may be claimed; in the order of their ids, as a merge."""
    rows = select(claimable(kind).order_by("pk").values_list("pk"))
    lock = " FOR NO KEY UPDATE" if connection.vendor == "postgresql" else ""
    return _of_listed("claim", f"{rows}{lock}")


@cache
def use_slots() -> Statement:
    held = slots.to_be_used(Slot.objects.filter(IsListed("held_by_id", "ids")), now=NOW)
    return finished(update(held, **slots.used(BUSY_UNTIL)) + " RETURNING held_by_id")


@cache
def take(kind: Attempt.Kind) -> Statement:
    """What the e-mail says is frozen by the survey's claim; a reminder leaves it as it is."""
    sending = f"'{InvitationState.SENDING}'"
    if kind is Attempt.Kind.REMINDER:
        values = f"reminder_state = {sending}"
    else:
        json = "::jsonb" if connection.vendor == "postgresql" else ""
        values = f"""state = {sending}, reason = '', claimed_at = <<now>>,
            attempts_made = listed.number, email = listed.email, message_id = listed.message_id,
            attributes = listed.attributes{json}, profile_id = listed.profile_id"""
    mine = f"surveys_invitation.id = listed.id AND {_listed_id('surveys_invitation.id')}"
    return _of_listed("claim", f"UPDATE surveys_invitation SET {values} FROM listed WHERE {mine}")


@cache
def add_attempts(kind: Attempt.Kind) -> Statement:
    columns = "invitation_id, kind, number, email, worker, phase, reply, outcome, started_at"
    values = f"id, '{kind}', number, email, <<sender>>, '', '', '', <<now>>"
    mine = _listed_id("id")
    return _of_listed(
        "claim",
        f"INSERT INTO surveys_attempt ({columns}) SELECT {values} FROM listed WHERE {mine}",
    )


@cache
def mine(kind: Attempt.Kind) -> Statement:
    """Which were claimed, although the answer was lost."""
    open_ = Attempt.objects.filter(IsListed("invitation_id", "ids"), kind=kind, outcome="")
    return finished(select(open_.filter(worker=SENDER).order_by().values_list("invitation_id")))


@cache
def enter() -> Statement:
    """The sender's own row, made by its first claim."""
    return finished(
        "INSERT INTO surveys_sender (token, begun, begun_at, boot)"
        " VALUES (<<sender>>, 0, <<now>>, <<boot>>) ON CONFLICT DO NOTHING"
    )


@cache
def begin(kind: Attempt.Kind, *, merged: bool) -> Statement:
    at_it = Sender.objects.filter(Exists(ready(kind, merged=merged)), pk=SENDER)
    return finished(update(at_it, begun=ID, begun_at=NOW) + " RETURNING begun")


@cache
def end_attempts(kind: Attempt.Kind) -> Statement:
    # Erased since: what a server says of an e-mail may name the address.
    reply = "CASE WHEN surveys_attempt.email = '' THEN '' ELSE listed.reply END"
    values = f"""phase = listed.phase, code = listed.code, reply = {reply},
        outcome = '{AttemptOutcome.SENT}', ended_at = <<now>>"""
    mine = f"""surveys_attempt.invitation_id = listed.id AND surveys_attempt.number = listed.number
        AND surveys_attempt.kind = '{kind}' AND surveys_attempt.outcome <> '{AttemptOutcome.SENT}'
        AND {_listed_id("surveys_attempt.invitation_id")}"""
    return _of_listed("settlement", f"UPDATE surveys_attempt SET {values} FROM listed WHERE {mine}")


@cache
def settle(kind: Attempt.Kind) -> Statement:
    """From `unknown` too: the sweep may have given a slow one up just before it was accepted."""
    column = "reminder_state" if kind is Attempt.Kind.REMINDER else "state"
    before = ", ".join(f"'{state}'" for state in sorted(came_from(InvitationState.SENT)))
    values = {"reminder_state": "reminded_at = <<now>>",
              "state": "reason = '', sent_at = <<now>>, settled_at = <<now>>"}[column]  # fmt: skip
    own = " AND attempts_made = listed.number" if kind is Attempt.Kind.SURVEY else ""
    return _of_listed(
        "settlement",
        f"""UPDATE surveys_invitation SET {column} = '{InvitationState.SENT}', {values} FROM listed
        WHERE surveys_invitation.id = listed.id AND {column} IN ({before}){own}
        AND {_listed_id("surveys_invitation.id")} RETURNING surveys_invitation.id""",
    )


@cache
def spend_slots() -> Statement:
    held = Slot.objects.filter(IsListed("held_by_id", "ids"))
    return finished(update(held, **slots.spent(BUSY_UNTIL)) + " RETURNING id")


def _of_listed(name: str, sql: str) -> Statement:
    columns = _LISTED[name]
    if connection.vendor == "postgresql":
        typed = ", ".join(f"{column} {type_}" for column, type_ in columns.items())
        rows = f"SELECT * FROM json_to_recordset(<<mails>>) AS mails ({typed})"
    else:
        typed = ", ".join(f"value ->> '{column}' AS {column}" for column in columns)
        rows = f"SELECT {typed} FROM json_each(<<mails>>)"
    return finished(f"WITH listed AS ({rows}) {sql}")


def _listed_id(column: str) -> str:
    """So that the planner finds them by their index, however many it takes a list to hold."""
    if connection.vendor == "postgresql":
        return f"{column} = ANY(<<ids>>)"
    return f"{column} IN (SELECT value FROM json_each(<<ids>>))"
