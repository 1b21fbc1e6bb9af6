from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.db import OperationalError, connection, transaction

T = TypeVar("T")
TRIES = 8


def in_transaction(work: Callable[[], T]) -> T:
    """The work in one transaction, done again from the start where the database broke a deadlock.

    Inside a transaction of the caller there is nothing to start again: the caller must.
    """
    for remaining in reversed(range(TRIES)):
        try:
            with transaction.atomic():
                return work()
        except OperationalError as error:
            if not remaining or connection.in_atomic_block or not _may_be_tried_again(error):
                raise
    raise AssertionError("the last try returns or raises")


def _may_be_tried_again(error: OperationalError) -> bool:
    code = getattr(error.__cause__, "sqlstate", None)
    return code in {"40P01", "40001"} or "database is locked" in str(error)
