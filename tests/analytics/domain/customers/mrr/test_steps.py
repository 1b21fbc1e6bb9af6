from __future__ import annotations

from analytics.domain.customers.mrr.products import Ledger
from analytics.domain.customers.mrr.steps import LEVELS, LOSSES, steps
from analytics.domain.customers.revenue import Movements

MOVED = Movements(start=100, new=5, expansion=30, contraction=4, churned=9, reactivated=2, end=124)


def test_steps_without_products_are_the_movements() -> None:
    assert list(steps(MOVED).items()) == [
        ("start", 100), ("new", 5), ("expansion", 30), ("reactivated", 2), ("contraction", 4),
        ("churned", 9), ("end", 124),
    ]  # fmt: skip


def test_every_level_is_the_one_before_with_what_lies_between() -> None:
    ledger = Ledger(
        100, expansion=10, upgrade=14, cross_sell=12, contraction=10, churned=9, end=117
    )

    for found in (steps(MOVED), steps(MOVED, ledger=ledger)):
        level = 0.0
        for name, amount in found.items():
            if name in LEVELS:
                assert name == "start" or amount == level
                level = amount
            else:
                level += -amount if name in LOSSES else amount
