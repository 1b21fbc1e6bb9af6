"""A report is one state of the database, whatever others write while it reads."""

from __future__ import annotations

import datetime as dt
import itertools
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from accounts.models import MonthlyRevenue
from analytics.counting import customers
from analytics.counting.cells import answers, folding
from analytics.domain.periods import Period
from analytics.queries.filters import Filters
from analytics.reports.answers.segments import segment_report
from common.databases.snapshot import once, one_snapshot
from surveys.models import ResponseChange
from tests.analytics import world

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]

APRIL_TO_JUNE = Period.from_inclusive(dt.date(2026, 4, 1), dt.date(2026, 6, 30))


def meanwhile(work: Callable[[], object]) -> None:
    """On a connection of its own, committed when this returns."""

    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    other = threading.Thread(target=run)
    other.start()
    other.join()


def test_fold_between_blocks_and_ledger_neither_hides_nor_doubles_an_answer(monkeypatch) -> None:
    world.give_scores(world.make_customer(), world.make_campaign(), 9)
    read = answers.unfolded_changes
    folds = iter([True])

    def folding_before(*changes: Any) -> object:
        # The blocks have been listed by now.
        if not changes and next(folds, False):
            meanwhile(folding.fold_all)
        return read(*changes)

    monkeypatch.setattr(answers, "unfolded_changes", folding_before)

    assert segment_report(Filters(APRIL_TO_JUNE)).total.responses == 1
    assert not ResponseChange.objects.filter(folded=False).exists()
    assert segment_report(Filters(APRIL_TO_JUNE)).total.responses == 1


def test_import_between_answers_and_revenue_is_of_the_next_report(monkeypatch) -> None:
    customer = world.make_customer(started_on=dt.date(2026, 1, 1), mrr={"2026-03": 100})
    world.give_scores(customer, world.make_campaign(), 9)
    read = customers.read_revenue  # type: ignore[attr-defined]

    def importing_before(months: object) -> object:
        meanwhile(lambda: MonthlyRevenue.objects.update(mrr=70))
        return read(months)

    monkeypatch.setattr(customers, "read_revenue", importing_before)

    assert segment_report(Filters(APRIL_TO_JUNE)).total.mrr_start == 100
    assert segment_report(Filters(APRIL_TO_JUNE)).total.mrr_start == 70


def test_reading_does_not_hold_up_a_writer() -> None:
    """SQLite has one writer, whose lock our own transactions take as they begin."""
    with one_snapshot():
        assert not ResponseChange.objects.exists()
        meanwhile(lambda: world.give_scores(world.make_customer(), world.make_campaign(), 9))
        assert not ResponseChange.objects.exists()
    assert ResponseChange.objects.exists()
    with transaction.atomic():
        # The writers' way to begin is theirs again.
        assert getattr(connection, "transaction_mode", "IMMEDIATE") == "IMMEDIATE"


def test_what_is_read_once_is_read_again_in_the_next_snapshot() -> None:
    numbers = itertools.count()

    with one_snapshot():
        first = once("number", lambda: next(numbers))
        with one_snapshot():
            assert once("number", lambda: next(numbers)) == first
        assert once("another", lambda: next(numbers)) == first + 1
    with one_snapshot():
        assert once("number", lambda: next(numbers)) == first + 2
    # Outside of one nothing is kept.
    assert [once("number", lambda: next(numbers)) for _ in range(2)] == [first + 3, first + 4]
