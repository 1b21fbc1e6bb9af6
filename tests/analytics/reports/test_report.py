from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated

from analytics.domain.periods import Period
from analytics.reports.report import (
    Column,
    CountOrNone,
    Kind,
    Money,
    columns_of,
    dated,
    period_dict,
    values_of,
)


@dataclass(frozen=True, slots=True)
class Base:
    group: Annotated[str, Kind.TEXT]
    # Not of the contract, so not of the files.
    note: str
    paid: Annotated[Money, "in the customer's currency"]


@dataclass(frozen=True, slots=True)
class Row(Base):
    customers: CountOrNone
    plain: float | None = None


FEBRUARY = Period(dt.date(2024, 2, 1), dt.date(2024, 3, 1))


def test_columns_are_the_fields_with_a_kind_in_their_order() -> None:
    assert columns_of(Row) == (
        Column("group", Kind.TEXT),
        Column("paid", Kind.MONEY),
        Column("customers", Kind.COUNT),
    )


def test_values_stand_under_their_columns_also_those_that_are_not_known() -> None:
    columns = columns_of(Row)

    assert values_of(Row("gold", "left out", 0.1 + 0.2, None), columns) == ["gold", 0.1 + 0.2, None]
    assert values_of(Row("gold", "", None, 3), columns[::-1]) == [3, None, "gold"]


def test_files_and_json_name_the_last_day_that_counts() -> None:
    assert dated("trend", FEBRUARY) == "trend-2024-02-01-2024-02-29"
    assert period_dict(FEBRUARY) == {"from": "2024-02-01", "to": "2024-02-29"}
