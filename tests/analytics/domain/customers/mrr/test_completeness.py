from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from analytics.domain.customers.mrr.completeness import incomplete_months

APRIL, MAY, JUNE = date(2026, 4, 1), date(2026, 5, 1), date(2026, 6, 1)


def snapshots(**paid: dict[int, float]) -> pd.DataFrame:
    """Under april, may, june: MRR by customer."""
    months = {"april": APRIL, "may": MAY, "june": JUNE}
    rows = [
        (customer, pd.Timestamp(months[name]), mrr)
        for name, amounts in paid.items()
        for customer, mrr in amounts.items()
    ]
    return pd.DataFrame(rows, columns=["customer", "month", "mrr"])


def found(rows: pd.DataFrame, *, gone: dict[int, date] | None = None) -> list[date]:
    churned_on = pd.to_datetime(pd.Series(gone or {}, dtype="datetime64[s]"))
    known = [each for each in (APRIL, MAY, JUNE) if pd.Timestamp(each) <= rows["month"].max()]
    return incomplete_months(rows, churned_on=churned_on, months=known)


def of(*customers: int, mrr: float = 10.0) -> dict[int, float]:
    return dict.fromkeys(customers, mrr)


@pytest.mark.parametrize(("missing", "expected"), [(2, []), (3, [MAY])])
def test_more_than_a_tenth_must_be_missing(missing: int, expected: list[date]) -> None:
    may = of(*range(20 - missing))

    # June has all of May: the mark is May's alone.
    assert found(snapshots(april=of(*range(20)), may=may, june=of(*range(20)))) == expected


def test_customers_marked_as_churned_are_not_missing() -> None:
    rows = snapshots(april=of(*range(20)), may=of(*range(15)))

    gone = {customer: date(2026, 5, 31) for customer in range(15, 18)}
    assert found(rows, gone=gone) == []
    # Those who leave later should still have paid.
    assert found(rows, gone=dict.fromkeys(range(15, 20), date(2026, 6, 1))) == [MAY]


def test_who_paid_nothing_before_and_who_has_a_row_of_zero_are_not_missing() -> None:
    april = of(*range(10)) | of(*range(10, 20), mrr=0.0)

    assert found(snapshots(april=april, may=of(*range(5)) | of(*range(5, 10), mrr=0.0))) == []


def test_a_month_without_any_row_is_incomplete_and_the_first_one_is_not() -> None:
    rows = snapshots(april=of(*range(20)), june=of(*range(20)))

    assert found(rows) == [MAY]


def test_an_amount_without_a_rate_is_a_row() -> None:
    unknown = of(*range(20), mrr=float("nan"))

    assert found(snapshots(april=unknown, may=unknown)) == []
    assert found(snapshots(april=unknown, may=of(*range(10)))) == [MAY]
