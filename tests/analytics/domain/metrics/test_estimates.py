from __future__ import annotations

import math

import pandas as pd
import pytest

from analytics.domain.metrics.estimates import (
    change_of_estimates,
    change_of_share,
    rate_estimate,
    share_estimate,
    time_estimate,
)


def wilson(part: int, whole: int) -> tuple[float, float]:
    z, p = 1.959964, part / whole
    middle, reach = (
        p + z * z / (2 * whole),
        z * math.sqrt(p * (1 - p) / whole + z * z / (4 * whole * whole)),
    )
    return (middle - reach) / (1 + z * z / whole), (middle + reach) / (1 + z * z / whole)


def units(*hits: bool) -> pd.DataFrame:
    return pd.DataFrame({"customer": range(len(hits)), "hit": list(hits)})


def test_a_share_of_one_unit_a_customer_has_the_plain_interval_of_wilson() -> None:
    found = share_estimate(units(*[True] * 3, *[False] * 9))

    assert (found.low, found.high) == pytest.approx(wilson(3, 12), abs=1e-6)
    assert rate_estimate(3, 12).low == pytest.approx(found.low)
    assert found.reportable


def test_units_of_few_customers_widen_the_interval() -> None:
    plain = share_estimate(units(*[True, False] * 10))
    rows = [(pk, pk % 2 == 0) for pk in range(5) for _ in range(4)]
    alike = share_estimate(pd.DataFrame(rows, columns=["customer", "hit"]))

    assert plain.low is not None
    assert alike.low is not None
    assert alike.low < plain.low


def test_of_nothing_there_is_no_share_and_no_time() -> None:
    empty = share_estimate(units())

    assert (empty.value, empty.low, empty.denominator) == (None, None, 0)
    assert time_estimate(pd.DataFrame({"customer": [], "time": [], "closed": []})).value is None


def test_a_time_counts_what_has_ended_and_what_there_is() -> None:
    rows = {"customer": [1, 2, 3], "time": [1.0, 2.0, 5.0], "closed": [True, True, False]}

    found = time_estimate(pd.DataFrame(rows))

    assert (found.value, found.numerator, found.denominator) == (2.0, 2, 3)
    assert not found.reportable


def test_the_same_customers_answering_the_same_have_not_changed() -> None:
    same = units(*[True] * 5, *[False] * 7)

    change = change_of_share(same, same)

    assert change is not None
    assert change.difference == 0
    assert change.p_value == 1


def test_what_is_unknown_on_either_side_has_no_change() -> None:
    assert change_of_estimates(rate_estimate(1, 12), rate_estimate(0, 0)) is None
    found = change_of_estimates(rate_estimate(6, 12), rate_estimate(3, 12))
    assert found is not None
    assert found.difference == pytest.approx(0.25)
