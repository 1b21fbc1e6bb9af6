from __future__ import annotations

import numpy as np

from analytics.queries.health.sources.places import Customers


def test_a_customer_that_came_meanwhile_has_no_place() -> None:
    customers = Customers(np.array([3, 7, 9]), 0, 10, 0)

    rows = customers.rows(np.array([7, 8, 9, 99]), np.array([2, 1, 1, 1]), np.array([1.0, 2, 3, 4]))

    assert (rows.customers.tolist(), rows.values.tolist()) == ([2, 1], [3, 1])


def test_nobody_has_places() -> None:
    nobody = Customers(np.empty(0, dtype=np.int64), 0, 10, 0)

    assert len(nobody.rows(np.array([7]), np.array([2]), np.array([1.0])).days) == 0
