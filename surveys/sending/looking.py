"""The last look before a mail goes, taken while the mail server is answering.

On PostgreSQL the question is sent and the answer fetched later, so that it costs no time of its
own; elsewhere it is asked and answered at once.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

from surveys.models import Attempt
from surveys.sending import claim, claim_sql
from surveys.sending.claim import Mail

# What each of the driver's connections has prepared.
_names: WeakKeyDictionary[Any, set[bytes]] = WeakKeyDictionary()
_PLACEHOLDER = re.compile(r"%\((\w+)\)s")


class Look:
    """Whether all that allowed a mail's claim still holds: `ask`, then `answer`, then `close`."""

    def __init__(self, mail: Mail, *, now: dt.datetime) -> None:
        self._mail = mail
        self._now = now
        self._answer: bool | None = None
        self._asked: Any = None  # the driver's connection, while an answer is on its way

    def ask(self) -> None:
        self.close()
        self._answer = None
        # Within somebody's transaction a failure would be theirs.
        db = claim.database()
        if db.vendor == "postgresql" and db.get_autocommit():
            self._asked = _send(self._mail, now=self._now)
        if self._asked is None:
            self._answer = claim.may_go(self._mail, now=self._now)

    def answer(self) -> bool:
        if self._asked is not None:
            self._answer = _fetch(self._asked)
            self._asked = None
        if self._answer is None:
            # The connection broke: asked again as patiently as everything else.
            self._answer = claim.may_go(self._mail, now=self._now)
        return self._answer

    def close(self) -> None:
        """Leave nothing on the connection that its next user would trip over."""
        if self._asked is not None:
            _fetch(self._asked)
            self._asked = None


def _send(mail: Mail, *, now: dt.datetime) -> Any:
    """The driver's connection if the question is on its way, else None."""
    import psycopg

    db = claim.database()
    raw: Any = db.connection
    sql, names = _numbered(mail.kind)
    values = claim.may_go_values(mail, now=now)
    parameters = [str(values[name]).encode() for name in names]
    try:
        if db.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS"):
            # A pool may hand each statement to another session: nothing can be prepared.
            raw.pgconn.send_query_params(sql, parameters)
        else:
            raw.pgconn.send_query_prepared(_prepared(raw, mail.kind, sql), parameters)
        raw.pgconn.flush()
    except psycopg.Error:
        return None
    return raw


def _prepared(raw: Any, kind: Attempt.Kind, sql: bytes) -> bytes:
    import psycopg

    name = f"koe_look_{kind.value}".encode()
    known = _names.setdefault(raw, set())
    if name not in known:
        done = raw.pgconn.prepare(name, sql)
        if done.status != psycopg.pq.ExecStatus.COMMAND_OK:
            raise psycopg.OperationalError(done.get_error_message())
        known.add(name)
    return name


def _fetch(raw: Any) -> bool | None:
    """None where no answer came."""
    import psycopg
    from psycopg.generators import fetch_many

    try:
        [result] = raw.wait(fetch_many(raw.pgconn))
    except (psycopg.Error, ValueError):
        return None
    if result.status == psycopg.pq.ExecStatus.TUPLES_OK:
        return bool(result.ntuples)
    # After a rollback the driver makes the server forget all that was prepared.
    _names.pop(raw, None)
    return None


@lru_cache(maxsize=len(Attempt.Kind))
def _numbered(kind: Attempt.Kind) -> tuple[bytes, tuple[str, ...]]:
    """The statement as libpq takes it, and which values its $1, $2, ... stand for."""
    sql = claim_sql.may_go(kind, "postgresql")
    names = tuple(dict.fromkeys(_PLACEHOLDER.findall(sql)))
    numbered = _PLACEHOLDER.sub(lambda found: f"${names.index(found[1]) + 1}", sql)
    return numbered.encode(), names
