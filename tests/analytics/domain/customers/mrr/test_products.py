"""The ledger by product, against a plain loop over customers and their products."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.domain.customers.mrr.products import (
    LEDGER_COLUMNS,
    Ledger,
    ledger_of,
    ledger_rows,
    product_lines,
)
from analytics.domain.customers.revenue import movements, positions
from analytics.domain.periods import Period
from tests.analytics.domain.customers.frames import reconciles

FEBRUARY, MARCH = date(2025, 2, 28), date(2025, 3, 31)
PERIOD = Period(date(2025, 3, 1), date(2025, 4, 1))


def frame(rows):
    """Rows of customer, month of 2025, product, MRR, quantity."""
    columns = ["customer", "month", "product", "mrr", "quantity"]
    found = pd.DataFrame(
        [(customer, date(2025, month, 1), *rest) for customer, month, *rest in rows],
        columns=columns,
    )
    return found.astype({"mrr": float, "quantity": float})


def ledger(rows):
    lines = product_lines(frame(rows), days={FEBRUARY, MARCH})
    return ledger_of(ledger_rows(lines, start=FEBRUARY, end=MARCH))


@pytest.mark.parametrize(
    ("before", "after", "moved"),
    [
        ([("base", 100, 10)], [("base", 150, 15)], {"expansion": 50}),
        ([("base", 100, 10)], [("base", 150, 10)], {"upgrade": 50}),
        ([("base", 100, 10)], [("base", 120, 8)], {"upgrade": 20}),
        ([("base", 100, None)], [("base", 120, None)], {"upgrade": 20}),
        ([("base", 100, 10)], [("base", 100, 10), ("extra", 30, 1)], {"cross_sell": 30}),
        ([("base", 100, 10)], [("base", 90, 12)], {"contraction": 10}),
        ([("base", 100, 10), ("extra", 30, 1)], [("base", 100, 10)], {"contraction": 30}),
        ([("basic", 100, 1)], [("pro", 150, 1)], {"cross_sell": 150, "contraction": 100}),
        ([("base", 100, 10)], [], {"churned": 100}),
        ([("base", 100, 10)], [("base", 0, 10)], {"churned": 100}),
        # Without a product there is nothing to say what there is more of.
        ([("", 100, 1)], [("", 140, 2)], {"upgrade": 40}),
        # A product beside what has none is a new one.
        ([("", 100, None)], [("", 100, None), ("extra", 30, 1)], {"cross_sell": 30}),
        # Products that were named in between are no sales.
        ([("", 100, None)], [("base", 80, 1), ("extra", 50, 1)], {"upgrade": 30}),
        ([("base", 80, 1), ("extra", 50, 1)], [("", 100, None)], {"contraction": 30}),
    ],
)
def test_each_movement_of_a_product(before, after, moved):
    rows = [("acme", 2, *each) for each in before] + [("acme", 3, *each) for each in after]
    start, end = (float(sum(mrr for _, mrr, _ in each)) for each in (before, after))

    found = ledger(rows)

    assert found == Ledger(start=start, **moved, end=end)
    assert reconciles(found)


def test_who_paid_nothing_at_start_is_not_in_the_ledger():
    assert ledger([("new", 3, "base", 100, 1)]) == Ledger()
    assert ledger([("back", 1, "base", 100, 1), ("back", 3, "base", 100, 1)]) == Ledger()


def test_a_customer_with_an_amount_that_is_not_known_is_left_out_whole():
    known = [("acme", 2, "base", 100, 1), ("acme", 3, "base", 110, 1)]
    unknown = [("bolt", 2, "base", 50, 1), ("bolt", 3, "base", 60, 1), ("bolt", 3, "x", None, 1)]

    lines = product_lines(frame(known + unknown), days={FEBRUARY, MARCH})
    rows = ledger_rows(lines, start=FEBRUARY, end=MARCH)

    assert rows.loc["bolt"].isna().all()
    assert ledger_of(rows) == Ledger(start=100, upgrade=10, end=110)


def test_products_are_known_where_one_was_paid_at_every_end():
    def knows(*rows):
        return product_lines(frame(rows), days={FEBRUARY, MARCH}).knows_products(FEBRUARY, MARCH)

    assert knows(("acme", 2, "base", 1, 1), ("bolt", 3, "base", 1, 1))
    assert not knows(("acme", 2, "", 1, 1), ("acme", 3, "base", 1, 1))
    assert not knows(("acme", 2, "base", 0, 1), ("acme", 3, "base", 1, 1))
    assert not knows()


amounts = st.one_of(st.none(), st.integers(0, 100_000).map(lambda cents: cents / 100))
names = st.sampled_from(["", "x", "y"])
cells = st.dictionaries(
    st.tuples(st.sampled_from("abcd"), st.sampled_from([1, 2, 3, 4]), names),
    st.tuples(amounts, st.one_of(st.none(), st.integers(0, 3))),
    max_size=40,
)


def rows_of(world):
    return [(*key, *value) for key, value in world.items()]


def plain(world):
    """Customer by customer, product by product."""
    found = dict.fromkeys(LEDGER_COLUMNS, 0.0)
    for customer in "abcd":
        before, after = (
            {product: value for (who, at, product), value in world.items()
             if (who, at) == (customer, month)}
            for month in (2, 3)
        )  # fmt: skip
        if all(mrr is not None for mrr, _ in [*before.values(), *after.values()]):
            before, after = ({p: v for p, v in each.items() if v[0]} for each in (before, after))
            for name, amount in plain_moves(before, after):
                found[name] += amount
    return found


def plain_moves(before, after):
    start, end = (sum(mrr for mrr, _ in each.values()) for each in (before, after))
    if not before:
        return []
    ends = [("start", start), ("end", end)]
    if not after:
        return [*ends, ("churned", start)]
    if ("" in before) != ("" in after):
        return [*ends, ("upgrade" if end > start else "contraction", abs(end - start))]
    lines = {product: (before.get(product), after.get(product)) for product in {*before, *after}}
    return [*ends, *(plain_line(product, *line) for product, line in lines.items())]


def plain_line(product, was, is_):
    if was is None:
        return "cross_sell", is_[0]
    change = (is_[0] if is_ else 0) - was[0]
    if change < 0:
        return "contraction", -change
    more = product and is_[1] is not None and was[1] is not None and is_[1] > was[1]
    return "expansion" if more else "upgrade", change


@given(cells)
def test_ledger_is_that_of_a_plain_loop_and_adds_up_in_every_world(world):
    found = ledger(rows_of(world))

    assert reconciles(found)
    for name, amount in plain(world).items():
        assert getattr(found, name) == pytest.approx(amount, abs=1e-6)
        assert getattr(found, name) >= 0


@given(cells)
def test_ledger_has_the_start_the_losses_and_the_nrr_of_the_movements_without_products(world):
    known = {key: value for key, value in world.items() if value[0] is not None}
    moved = movements(positions(frame(rows_of(known)), period=PERIOD))

    found = ledger(rows_of(known))

    assert (found.start, found.churned) == (moved.start, moved.churned)
    assert found.end == pytest.approx(moved.kept + moved.expansion, abs=1e-6)
    by_product = found.expansion + found.upgrade + found.cross_sell - found.contraction
    assert by_product == pytest.approx(moved.expansion - moved.contraction, abs=1e-6)


@given(cells, cells)
def test_later_facts_change_no_earlier_ledger(world, later):
    added = {key: value for key, value in later.items() if key[1] == 4}
    before = {key: value for key, value in world.items() if key[1] <= 3}

    assert ledger(rows_of(before | added)) == ledger(rows_of(before))
