"""Rows that all tests of a module read: made once, in a transaction that is never committed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from pytest_django import DjangoDbBlocker


@contextmanager
def shared_rows(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """For a fixture of module scope; each test runs in a savepoint inside, and may write."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
