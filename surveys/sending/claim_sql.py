"""The SQL of claiming and settling, for a list of rows at a time, on PostgreSQL and SQLite."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from surveys.models import Attempt

P = ParamSpec("P")
# What a row of the list may hold; times are text and cast where they are used.
_COLUMNS = {
    "id": "bigint",
    "number": "integer",
    "profile_id": "bigint",
    "code": "integer",
    **dict.fromkeys(("email", "message_id", "attributes", "near", "ours", "reply"), "text"),
    **dict.fromkeys(("at", "by", "free_at"), "timestamptz"),
}
_ALLOWED = """
    EXISTS (SELECT 1 FROM surveys_campaign c WHERE c.id = surveys_invitation.campaign_id
        AND c.state = 'running' AND c.reschedule_from IS NULL{campaign})
    AND (surveys_invitation.{by} IS NULL OR surveys_invitation.{by} > %(now)s)
    AND NOT EXISTS (SELECT 1 FROM accounts_suppression s
        WHERE s.person_id = surveys_invitation.person_id AND s.lifted_at IS NULL)
    AND NOT EXISTS (SELECT 1 FROM accounts_person p
        WHERE p.id = surveys_invitation.person_id AND p.erased_at IS NOT NULL)
    AND NOT EXISTS (SELECT 1 FROM surveys_domainhealth d
        WHERE d.domain IN ({near}, {ours}) AND d.open_until IS NOT NULL)
"""
_UNENDED = " AND (c.ends_at IS NULL OR c.ends_at > %(now)s)"
_UNANSWERED = """
    state = 'sent' AND delivery_status NOT IN ('bounced', 'complained')
    AND NOT EXISTS (SELECT 1 FROM surveys_response r
        WHERE r.invitation_id = surveys_invitation.id) AND
"""
_CLAIMED = {
    Attempt.Kind.SURVEY: (
        *("id", "number", "email", "message_id", "attributes", "profile_id", "near", "ours"),
    ),
    Attempt.Kind.REMINDER: ("id", "number", "email", "near", "ours"),
}
_SETTLED = ("id", "number", "code", "reply", "at", "free_at")
_JSON = {"postgresql": "::jsonb", "sqlite": ""}
_MINE = "surveys_invitation.id = listed.id"


def _once(make: Callable[P, str]) -> Callable[P, str]:
    """Made once, with the placeholders as the driver writes them; the vendor comes last."""
    known: dict[tuple[object, ...], str] = {}

    @wraps(make)
    def made(*args: P.args, **kwargs: P.kwargs) -> str:
        if args not in known:
            sql = make(*args, **kwargs)
            is_postgresql = args[-1] == "postgresql"
            known[args] = sql if is_postgresql else re.sub(r"%\((\w+)\)s", r":\1", sql)
        return known[args]

    return made


@_once
def claim(kind: Attempt.Kind, vendor: str) -> str:
    return _claim(kind, _listed(vendor, *_CLAIMED[kind]), json=_JSON[vendor])


@_once
def claim_at_once(kind: Attempt.Kind, vendor: str) -> str:
    """Claim, slot and attempt in one statement: of each row claimed, whether the others followed.

    Only PostgreSQL writes several tables in one statement.
    """
    steps = {"claimed": _claim(kind, "listed", json=_JSON[vendor])}
    if kind is Attempt.Kind.SURVEY:
        steps["anchored"] = _anchor("(SELECT id FROM claimed) AS fit")
        fit = "listed JOIN anchored ON held_by_id = listed.id"
    else:
        fit = "listed JOIN claimed ON claimed.id = listed.id"
    fit = f"(SELECT listed.* FROM {fit}) AS fit"  # noqa: S608
    steps["added"] = _add_attempts(fit, vendor)
    anchored = "held_by_id IS NOT NULL" if "anchored" in steps else "false"
    join = "LEFT JOIN anchored ON held_by_id = id" if "anchored" in steps else ""
    return f"""
        {_with(_listed(vendor, *_CLAIMED[kind]), steps)}
        SELECT id, {anchored}, invitation_id IS NOT NULL
        FROM claimed {join} LEFT JOIN added ON invitation_id = id
    """  # noqa: S608 - no value goes into the text, here and below


def _claim(kind: Attempt.Kind, source: str, *, json: str) -> str:
    reminder = kind is Attempt.Kind.REMINDER
    allowed = _allowed(kind, near="listed.near", ours="listed.ours")
    if reminder:
        return f"""
            UPDATE surveys_invitation SET reminder_state = 'sending' FROM {source}
            WHERE {_MINE} AND reminder_state IN ('queued', 'retry') AND reminder_send_at <= %(now)s
            AND {_UNANSWERED} {allowed} RETURNING surveys_invitation.id
        """  # noqa: S608
    return f"""
        UPDATE surveys_invitation SET state = 'sending', reason = '', claimed_at = %(now)s,
            attempts_made = listed.number, email = listed.email, message_id = listed.message_id,
            attributes = listed.attributes{json}, profile_id = listed.profile_id
        FROM {source}
        WHERE {_MINE} AND state IN ('queued', 'retry') AND send_at <= %(now)s
        AND attempts_made = listed.number - 1 AND {allowed} RETURNING surveys_invitation.id
    """  # noqa: S608


def _allowed(kind: Attempt.Kind, *, near: str, ours: str) -> str:
    if kind is Attempt.Kind.REMINDER:
        return _ALLOWED.format(near=near, ours=ours, by="reminder_send_by", campaign="")
    return _ALLOWED.format(near=near, ours=ours, by="send_by", campaign=_UNENDED)


@_once
def may_go(kind: Attempt.Kind, vendor: str) -> str:
    """One claimed mail, looked at again at its turn."""
    reminder = kind is Attempt.Kind.REMINDER
    allowed = _allowed(kind, near="%(near)s", ours="%(ours)s")
    mine = (
        f"reminder_state = 'sending' AND {_UNANSWERED}"
        if reminder
        else """
            state = 'sending' AND attempts_made = %(number)s
            AND EXISTS (SELECT 1 FROM surveys_slot h WHERE h.held_by_id = surveys_invitation.id) AND
        """
    )
    return f"SELECT 1 FROM surveys_invitation WHERE id = %(id)s AND {mine} {allowed}"  # noqa: S608


@_once
def anchor(vendor: str) -> str:
    return _anchor(_listed(vendor, "id", name="fit"))


def _anchor(source: str) -> str:
    return f"""
        UPDATE surveys_slot SET prev_free_at = surveys_slot.free_at, free_at = %(free_at)s
        FROM {source}
        WHERE held_by_id = fit.id AND surveys_slot.free_at <= %(now)s RETURNING held_by_id
    """  # noqa: S608


@_once
def add_attempts(vendor: str) -> str:
    return _add_attempts(_listed(vendor, "id", "number", "email", name="fit"), vendor)


def _add_attempts(source: str, vendor: str) -> str:
    # "WHERE true": without it SQLite reads ON CONFLICT as part of the SELECT.
    return f"""
        INSERT INTO surveys_attempt (invitation_id, kind, number, email, worker, phase, reply,
            outcome, started_at)
        SELECT fit.id, %(kind)s, fit.number, fit.email, %(worker)s, '', '', '',
            {_cast("%(now)s", vendor)}
        FROM {source} WHERE true ON CONFLICT DO NOTHING RETURNING invitation_id
    """  # noqa: S608


@_once
def unclaim(kind: Attempt.Kind, vendor: str) -> str:
    """As it was before its claim; a survey's date is the slot's affair."""
    if kind is Attempt.Kind.REMINDER:
        return f"""
            UPDATE surveys_invitation SET dispatched_at = NULL, reminder_state =
                CASE WHEN listed.number > 1 THEN 'retry' ELSE 'queued' END
            FROM {_listed(vendor, "id", "number")} WHERE {_MINE} AND reminder_state = 'sending'
        """  # noqa: S608
    return f"""
        UPDATE surveys_invitation SET dispatched_at = NULL, attempts_made = listed.number - 1,
            state = CASE WHEN listed.number > 1 THEN 'retry' ELSE 'queued' END
        FROM {_listed(vendor, "id", "number")}
        WHERE {_MINE} AND state = 'sending' AND attempts_made = listed.number
    """  # noqa: S608


@_once
def forget_attempts(vendor: str) -> str:
    return f"""
        DELETE FROM surveys_attempt WHERE outcome = '' AND kind = %(kind)s AND EXISTS (
            SELECT 1 FROM {_listed(vendor, "id", "number")}
            WHERE listed.id = surveys_attempt.invitation_id
            AND listed.number = surveys_attempt.number)
        AND invitation_id IN (SELECT listed.id FROM {_listed(vendor, "id")})
        RETURNING invitation_id
    """  # noqa: S608


@_once
def open_attempts(vendor: str) -> str:
    return f"""
        SELECT invitation_id FROM surveys_attempt
        JOIN {_listed(vendor, "id", "number")} ON listed.id = invitation_id
            AND listed.number = surveys_attempt.number
        WHERE worker = %(worker)s AND outcome = ''
    """  # noqa: S608


@_once
def unanchor(vendor: str) -> str:
    return f"""
        UPDATE surveys_slot SET free_at = COALESCE(prev_free_at, free_at)
        FROM {_listed(vendor, "id")} WHERE held_by_id = listed.id
    """  # noqa: S608


@_once
def end_attempts(vendor: str) -> str:
    return _end_attempts(_listed(vendor, *_SETTLED))


@_once
def sent(kind: Attempt.Kind, vendor: str) -> str:
    return _sent(kind, _listed(vendor, *_SETTLED))


@_once
def settle_slots(vendor: str) -> str:
    return _settle_slots(_listed(vendor, "id", "free_at"))


@_once
def settle_at_once(kind: Attempt.Kind, vendor: str) -> str:
    """The three above in one statement, where the database can."""
    steps = {"ended": _end_attempts("listed"), "settled": _sent(kind, "listed")}
    if kind is Attempt.Kind.SURVEY:
        source = "(SELECT listed.* FROM listed JOIN settled ON settled.id = listed.id) AS listed"
        steps["freed"] = _settle_slots(source)
    return f"{_with(_listed(vendor, *_SETTLED), steps)} SELECT id FROM settled"  # noqa: S608


def _end_attempts(source: str) -> str:
    return f"""
        UPDATE surveys_attempt SET phase = 'accepted', code = listed.code, reply = listed.reply,
            outcome = 'sent', ended_at = listed.at FROM {source}
        WHERE invitation_id = listed.id AND kind = %(kind)s
        AND surveys_attempt.number = listed.number
    """  # noqa: S608


def _sent(kind: Attempt.Kind, source: str) -> str:
    # From `unknown` too: the sweep may have given a slow mail up just before it was accepted.
    if kind is Attempt.Kind.REMINDER:
        return f"""
            UPDATE surveys_invitation SET reminder_state = 'sent', reminded_at = listed.at
            FROM {source} WHERE {_MINE} AND reminder_state IN ('sending', 'unknown')
            RETURNING surveys_invitation.id
        """  # noqa: S608
    return f"""
        UPDATE surveys_invitation SET state = 'sent', reason = '', sent_at = listed.at,
            settled_at = listed.at FROM {source}
        WHERE {_MINE} AND state IN ('sending', 'unknown') AND attempts_made = listed.number
        RETURNING surveys_invitation.id
    """  # noqa: S608


def _settle_slots(source: str) -> str:
    return f"""
        UPDATE surveys_slot SET held_by_id = NULL, free_at = listed.free_at
        FROM {source} WHERE held_by_id = listed.id
    """  # noqa: S608


def _with(listed: str, steps: dict[str, str]) -> str:
    """The list read once, then each step with the name that those after it know it by."""
    known = ", ".join(f"{name} AS ({sql})" for name, sql in steps.items())
    return f"WITH listed AS MATERIALIZED (SELECT * FROM {listed}), {known}"  # noqa: S608


def _listed(vendor: str, *names: str, name: str = "listed") -> str:
    if vendor == "postgresql":
        columns = ", ".join(f"{each} {_COLUMNS[each]}" for each in names)
        return f"json_to_recordset(%(listed)s::json) AS {name}({columns})"
    columns = ", ".join(f"json_extract(value, '$.{each}') AS {each}" for each in names)
    return f"(SELECT {columns} FROM json_each(%(listed)s)) AS {name}"  # noqa: S608


def _cast(value: str, vendor: str) -> str:
    return f"CAST({value} AS timestamptz)" if vendor == "postgresql" else value
