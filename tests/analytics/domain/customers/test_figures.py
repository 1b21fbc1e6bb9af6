"""What became of customers, by segment and together."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from hypothesis import given

from analytics.domain.customers.figures import figures_by_segment, figures_of_all
from analytics.domain.customers.revenue import (
    MOVEMENT_COLUMNS,
    churn_rows,
    movement_rows,
    movements,
)
from tests.analytics.domain.customers.frames import (
    MARCH,
    customer_churn,
    customers,
    position_frame,
    position_rows,
)


@given(position_rows, position_rows)
def test_segments_add_up_to_the_total(first, second):
    frame = position_frame(first + second)
    frame["plan"] = ["pro"] * len(first) + ["free"] * len(second)
    rows = movement_rows(frame).assign(customers_at_start=1, customers_churned=0)
    by_plan = figures_by_segment(rows, by=("plan",))

    assert figures_of_all(rows).moved == movements(frame)
    if first:
        assert by_plan["pro",].moved == movements(position_frame(first))
        assert by_plan["pro",].churn.customers_at_start == len(first)


def test_customer_churn_by_contract_of_the_telco_customers():
    # Known figures of IBM's sample: contract, customers, lost.
    known = {"monthly": (3875, 1655), "one year": (1473, 166), "two year": (1695, 48)}
    frame = pd.concat(
        customers(
            *[(date(2024, 1, 1), None)] * (present - lost),
            *[(date(2024, 1, 1), date(2025, 3, 15))] * lost,
        ).assign(contract=contract)
        for contract, (present, lost) in known.items()
    ).reset_index(drop=True)
    unknown = pd.DataFrame(index=frame.index, columns=MOVEMENT_COLUMNS, dtype=float)
    rows = frame.join(churn_rows(frame, period=MARCH)).join(unknown)
    by_contract = figures_by_segment(rows, by=("contract",))
    rates = {name: each.churn.churn_rate for (name,), each in by_contract.items()}
    assert {each.moved for each in by_contract.values()} == {None}

    assert rates == pytest.approx(
        {"monthly": 0.427097, "one year": 0.112695, "two year": 0.028319}, abs=5e-7
    )
    assert customer_churn(frame, period=MARCH).churn_rate == pytest.approx(0.265370, abs=5e-7)
