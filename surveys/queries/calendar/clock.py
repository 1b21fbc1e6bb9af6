"""The database's clock, by which slots and e-mails are timed, whichever machine a worker runs on.

The one module below the interface that reads a clock of its own: to compare it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.utils import timezone

OFF_AT_MOST = dt.timedelta(minutes=1)
# As an expression, for statements that must not wait for an answer first.
NOW_SQL = {
    "postgresql": "statement_timestamp()",
    "sqlite": "strftime('%Y-%m-%d %H:%M:%f', 'now')",
}


class WrongClock(RuntimeError):
    """This machine's clock and the database's differ so much that it must not work."""


def database_now() -> dt.datetime:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {NOW_SQL[connection.vendor]}")
        [value] = cursor.fetchone()
    return as_moment(value)


def as_moment(value: Any) -> dt.datetime:
    """A moment as the driver gives it: SQLite knows texts only, in UTC."""
    found = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
    aware: dt.datetime = found if found.tzinfo else found.replace(tzinfo=dt.UTC)
    return aware.astimezone(dt.UTC)


def offset() -> dt.timedelta:
    """How far this machine's clock is ahead of the database's."""
    before = timezone.now()
    database = database_now()
    after = timezone.now()
    return before + (after - before) / 2 - database


def agreed_now() -> dt.datetime:
    """The database's now; WrongClock where this machine's is off by more than a minute."""
    return database_clock()()


def database_clock() -> Callable[[], dt.datetime]:
    """The database's clock, told by this machine's and the difference of the two."""
    ahead = offset()
    if abs(ahead) > OFF_AT_MOST:
        raise WrongClock(
            f"This machine's clock is {ahead.total_seconds():+.0f} s off the database's."
            " Nothing is planned or sent from here until it is right."
        )
    return lambda: timezone.now() - ahead
