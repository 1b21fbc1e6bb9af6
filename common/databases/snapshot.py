"""Reading many rows as they were at one moment, while others write."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from django.db import connection, transaction

Found = TypeVar("Found")
_read: ContextVar[dict[str, Any] | None] = ContextVar("_read", default=None)


@contextmanager
def one_snapshot() -> Iterator[None]:
    """All that is read inside is one state of the database; also a decorator of reports.

    Inside of a transaction that has begun it changes nothing: who began it has decided.
    """
    if _read.get() is not None:
        yield
        return
    token = _read.set({})
    try:
        with _one_state():
            yield
    finally:
        _read.reset(token)


def once(name: str, read: Callable[[], Found]) -> Found:
    """What a report reads again and again, read once in each snapshot; never handed on."""
    known = _read.get()
    if known is None:
        return read()
    if name not in known:
        known[name] = read()
    found: Found = known[name]
    return found


@contextmanager
def _one_state() -> Iterator[None]:
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            yield
    else:
        with _reading(), transaction.atomic():
            yield


@contextmanager
def _reading() -> Iterator[None]:
    """SQLite keeps readers their moment as well, without the lock that our writers begin with."""
    connection.ensure_connection()
    mode = connection.transaction_mode  # type: ignore[attr-defined]
    connection.transaction_mode = "DEFERRED"  # type: ignore[attr-defined]
    try:
        yield
    finally:
        connection.transaction_mode = mode  # type: ignore[attr-defined]
