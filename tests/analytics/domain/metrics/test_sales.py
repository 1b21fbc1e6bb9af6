from __future__ import annotations

import datetime as dt

import pandas as pd

from analytics.domain.customers.mrr.products import ledger_rows, product_lines
from analytics.domain.metrics.sales import SALES, sold

START, END = dt.date(2026, 3, 31), dt.date(2026, 6, 30)
Line = tuple[int, str, float, float | None]


def hits(key: str, *, start: list[Line], end: list[Line]) -> dict[int, bool]:
    """Lines of customer, product, MRR and quantity."""
    rows = pd.DataFrame(
        [
            (customer, pd.Timestamp(day.replace(day=1)), product, mrr, quantity)
            for day, lines in ((START, start), (END, end))
            for customer, product, mrr, quantity in lines
        ],
        columns=["customer", "month", "product", "mrr", "quantity"],
    )
    found = sold(ledger_rows(product_lines(rows, days={START, END}), start=START, end=END), key)
    return dict(zip(found["customer"].tolist(), found["hit"].tolist(), strict=True))


def test_upsell_and_cross_sell_are_read_off_each_product() -> None:
    start: list[Line] = [
        (1, "A", 10, 1),  # the same quantity at a higher price
        (2, "A", 10, 1),  # a higher quantity
        (3, "A", 10, 1),  # another product besides
        (4, "A", 10, 1),  # another product instead
        (5, "A", 10, 1),  # gone
        (6, "", 10, None),  # no product given: the MRR is higher
        (7, "A", 10, 2),  # less of it at a higher price, and one product less
        (7, "B", 90, 1),
    ]
    end: list[Line] = [
        (1, "A", 12, 1),
        (2, "A", 20, 2),
        (3, "A", 10, 1),
        (3, "B", 5, 1),
        (4, "B", 8, 1),
        (6, "", 11, None),
        (7, "A", 11, 1),
        (8, "A", 10, 1),  # no MRR at start
    ]

    upsold = hits("upsell_rate", start=start, end=end)
    cross_sold = hits("cross_sell_rate", start=start, end=end)

    assert [pk for pk, hit in upsold.items() if hit] == [1, 6, 7]
    assert [pk for pk, hit in cross_sold.items() if hit] == [3, 4]
    assert list(upsold) == list(cross_sold) == [1, 2, 3, 4, 5, 6, 7]


def test_whose_amounts_are_not_known_is_left_out() -> None:
    unknown = float("nan")

    found = {
        key: hits(key, start=[(1, "A", 10, 1), (2, "A", unknown, 1)], end=[(1, "A", 10, 1)])
        for key in SALES
    }

    assert found == {"upsell_rate": {1: False}, "cross_sell_rate": {1: False}}
