"""Work done again from its start where the database refused it for a reason that passes."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from django.db import Error, InterfaceError, OperationalError, connection, transaction

T = TypeVar("T")
AT_ONCE = (0.0,) * 7
# Half a minute in all: a database that restarts is back within it.
THROUGH_AN_OUTAGE = (0.05, 0.2, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)


def is_conflict(error: Exception) -> bool:
    """Whether the database broke a deadlock, or was busy with another writer."""
    code = getattr(error.__cause__, "sqlstate", None)
    return code in {"40P01", "40001"} or "database is locked" in str(error)


def is_operational(error: Exception) -> bool:
    """Conflicts, and a database that is away a while."""
    return isinstance(error, OperationalError | InterfaceError)


def retry(
    work: Callable[[], T],
    *,
    pauses: Sequence[float] = THROUGH_AN_OUTAGE,
    passes: Callable[[Exception], bool] = is_operational,
) -> T:
    """The work, done again after each of the pauses while it fails with an error that `passes`.

    Inside a transaction of the caller there is nothing to start again: the caller must.
    """
    for pause in pauses:
        try:
            return work()
        except Error as error:
            if connection.in_atomic_block or not passes(error):
                raise
            time.sleep(pause)
            connection.close_if_unusable_or_obsolete()
    return work()


def in_transaction(work: Callable[[], T]) -> T:
    """The work in one transaction, done again where the database broke a deadlock."""

    def once() -> T:
        with transaction.atomic():
            return work()

    return retry(once, pauses=AT_ONCE, passes=is_conflict)
