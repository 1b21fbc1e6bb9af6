from __future__ import annotations

import pytest
from django.db import OperationalError, connection, transaction

from common.resilience.retry import in_transaction, is_conflict, retry

LOCKED = OperationalError("database is locked")
AWAY = OperationalError("server closed the connection unexpectedly")


class Failing:
    """Fails with each of the errors in turn, and then gives the number of its calls."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.calls = 0

    def __call__(self) -> int:
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)
        return self.calls


@pytest.mark.django_db(transaction=True)
def test_work_is_done_again_until_it_succeeds() -> None:
    assert retry(Failing(LOCKED, AWAY), pauses=(0, 0)) == 3


@pytest.mark.django_db(transaction=True)
def test_the_last_error_is_raised() -> None:
    with pytest.raises(OperationalError, match="closed"):
        retry(Failing(LOCKED, AWAY), pauses=(0,))


@pytest.mark.django_db(transaction=True)
def test_an_error_that_does_not_pass_is_raised_at_once() -> None:
    work = Failing(AWAY)

    with pytest.raises(OperationalError):
        retry(work, pauses=(0, 0), passes=is_conflict)
    with pytest.raises(ZeroDivisionError):
        retry(Failing(ZeroDivisionError()), pauses=(0, 0))

    assert work.calls == 1


@pytest.mark.django_db(transaction=True)
def test_inside_a_transaction_of_the_caller_nothing_is_done_again() -> None:
    work = Failing(LOCKED)

    with transaction.atomic(), pytest.raises(OperationalError):
        retry(work, pauses=(0, 0))

    assert work.calls == 1


@pytest.mark.django_db(transaction=True)
def test_a_transaction_broken_by_a_deadlock_is_done_again_in_a_new_one() -> None:
    work = Failing(LOCKED)

    def guarded() -> int:
        assert connection.in_atomic_block
        return work()

    assert in_transaction(guarded) == 2
