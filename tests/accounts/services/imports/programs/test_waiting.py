from __future__ import annotations

import datetime as dt
from functools import partial

import pytest

from accounts.domain.imports.file_columns import FileKind
from accounts.models import Customer, Reading, WaitingRow
from accounts.services.facts.erase import forget_facts
from accounts.services.imports.programs.bringing import bring_in_rows
from accounts.services.imports.programs.waiting import KEPT, TRIED_AGAIN, apply_waiting
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
bring = partial(bring_in_rows, source="test")
USAGE = {"customer_id": "N", "day": "2026-01-01", "measure": "m", "value": 1}
SECOND = dt.timedelta(seconds=1)


def test_a_customer_that_came_by_any_way_has_what_waited() -> None:
    assert bring(FileKind.USAGE, [USAGE], now=NOW).waiting == 1
    assert apply_waiting(now=NOW) == 0
    Customer.objects.create(customer_id="N")

    assert apply_waiting(now=NOW + 2 * SECOND) == 1
    assert Reading.objects.get().value == 1
    assert not WaitingRow.objects.exists()


def test_the_later_word_holds_and_nothing_piles_up() -> None:
    for value in range(3):
        bring(FileKind.USAGE, [{**USAGE, "value": value}], now=NOW + value * SECOND)

    assert WaitingRow.objects.count() == 1
    Customer.objects.create(customer_id="N")
    apply_waiting(now=NOW + 9 * SECOND)
    assert Reading.objects.get().value == 2


def test_what_waited_never_takes_the_place_of_a_later_word() -> None:
    bring(FileKind.USAGE, [USAGE, {**USAGE, "day": "2026-01-02"}], now=NOW)
    Customer.objects.create(customer_id="N")
    bring(FileKind.USAGE, [{**USAGE, "value": 7}], now=NOW + SECOND)

    apply_waiting(now=NOW + 2 * SECOND)
    assert list(Reading.objects.order_by("day").values_list("value", flat=True)) == [7, 1]
    assert not WaitingRow.objects.exists()


def test_nor_does_what_is_to_be_tried_again_later() -> None:
    given = {**USAGE, "email": "a@x.example"}
    bring(FileKind.USAGE, [given], now=NOW)
    Customer.objects.create(customer_id="N")
    assert apply_waiting(now=NOW) == 0
    bring(FileKind.RESPONDENTS, [{"email": "a@x.example", "customer_id": "N"}], now=NOW)
    bring(FileKind.USAGE, [{**given, "value": 7}], now=NOW + SECOND)

    apply_waiting(now=NOW + TRIED_AGAIN)
    assert Reading.objects.get().value == 7


def test_nothing_waits_longer_than_thirty_days() -> None:
    bring(FileKind.USAGE, [USAGE], now=NOW)
    bring(FileKind.USAGE, [{**USAGE, "day": "2026-01-02"}], now=NOW + SECOND)
    Customer.objects.create(customer_id="N")

    assert apply_waiting(now=NOW + KEPT + SECOND) == 1
    assert Reading.objects.get().day == dt.date(2026, 1, 2)
    assert not WaitingRow.objects.exists()


def test_what_is_over_goes_in_with_nobody_before_the_tick_took_it_away() -> None:
    bring(FileKind.USAGE, [USAGE], now=NOW)

    bring(FileKind.CUSTOMERS, [{"customer_id": "N"}], now=NOW + KEPT + SECOND)
    assert not Reading.objects.exists()


def test_what_cannot_go_in_yet_is_tried_again_later() -> None:
    bring(FileKind.USAGE, [{**USAGE, "email": "a@x.example"}], now=NOW)
    Customer.objects.create(customer_id="N")

    assert apply_waiting(now=NOW) == 0
    bring(FileKind.RESPONDENTS, [{"email": "a@x.example", "customer_id": "N"}], now=NOW)
    assert apply_waiting(now=NOW + SECOND) == 0
    assert apply_waiting(now=NOW + TRIED_AGAIN) == 1
    assert Reading.objects.get().is_sum


def test_what_waits_of_an_erased_person_is_gone() -> None:
    bring(FileKind.USAGE, [{**USAGE, "email": "a@x.example"}], now=NOW)

    forget_facts([], ["a@x.example"])
    assert not WaitingRow.objects.exists()
