from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from accounts.models import Customer
from common.databases.rows import Checksum, checksum, plain, rows_of
from tests.world import make_customer

HERE = dt.datetime(2026, 11, 30, 9, tzinfo=dt.timezone(dt.timedelta(hours=9)))


def summed(*rows: tuple[object, ...]) -> str:
    found = Checksum()
    for row in rows:
        found.add(row)
    return str(found)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1.0, 1),
        (Decimal("1.50"), Decimal("1.5")),
        (HERE, HERE.astimezone(dt.UTC)),
        (memoryview(b"ab"), b"ab"),
        ({"b": 1, "a": [2.0]}, {"a": [2], "b": 1}),
    ],
)
def test_one_value_in_two_forms_is_one(one: object, other: object) -> None:
    assert plain(one) == plain(other)


def test_order_does_not_matter_and_everything_else_does() -> None:
    rows = [(1, "a"), (2, "b"), (2, "b")]

    assert summed(*rows) == summed(*rows[::-1])
    others = ([(1, "a"), (2, "b")], [(1, "a"), (2, "b"), (2, "c")], [(1, "b"), (2, "a"), (2, "b")])
    assert len({summed(*rows), *(summed(*each) for each in others)}) == 4
    assert len({summed((value,)) for value in (1, "1", True, None, "", 1.5)}) == 6


@pytest.mark.django_db
def test_rows_are_read_with_all_their_columns() -> None:
    make_customer(attributes={"plan": "pro"})
    [row] = rows_of(Customer, using="default")

    assert {"plan": "pro"} in row
    before = str(checksum(Customer, using="default"))
    Customer.objects.update(seats=3)
    assert str(checksum(Customer, using="default")) != before
