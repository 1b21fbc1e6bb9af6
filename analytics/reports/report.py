"""What every report is: one frozen object behind its page, its charts, its files and its command.

A column says of what kind its values are, so that nobody has to guess it from its name.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Protocol, get_type_hints

from analytics.charts.drawing import Chart
from analytics.domain.periods import Period


class Kind(StrEnum):
    TEXT = "text"
    # One of our own; a reader sees its word.
    CODE = "code"
    # A day as 2026-04-01.
    DATE = "date"
    # A month as 2026-04, or a quarter as 2026-Q2.
    PERIOD = "period"
    # A value of one; its name is the organisation's.
    DIMENSION = "dimension"
    FLAG = "flag"
    COUNT = "count"
    DAYS = "days"
    HOURS = "hours"
    NPS = "nps"
    PERCENT = "percent"
    MONEY = "money"
    RATIO = "ratio"
    P_VALUE = "p_value"
    # Points in one row, a share in the next.
    FIGURE = "figure"


Code = Annotated[str, Kind.CODE]
# For the fields of a row; None is what cannot be known.
Count = Annotated[int, Kind.COUNT]
CountOrNone = Annotated[int | None, Kind.COUNT]
Nps = Annotated[float | None, Kind.NPS]
Percent = Annotated[float | None, Kind.PERCENT]
Money = Annotated[float | None, Kind.MONEY]
PValue = Annotated[float | None, Kind.P_VALUE]
Number = Annotated[float | None, Kind.RATIO]
Flag = Annotated[bool, Kind.FLAG]
FlagOrNone = Annotated[bool | None, Kind.FLAG]


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]
    # Of the spreadsheet only: in a CSV it would be counted twice by whoever adds up.
    total: Sequence[Any] | None = None
    # What it is called, where it is not a sum.
    total_name: str = ""
    # Whether the first row is the total; its dimensions have no value.
    starts_with_total: bool = False
    # Of the rows, where the columns do not say of what kind their figures are.
    row_kinds: Sequence[Kind] = ()
    # Of codes in its rows: the word, what it means, the code.
    terms: Sequence[tuple[str, str, str]] = ()


class Report(Protocol):
    # As it is registered: in addresses, files and templates.
    name: ClassVar[str]

    @property
    def period(self) -> Period: ...

    @property
    def file_name(self) -> str:
        """Without its ending; `dated` is what most have."""
        ...

    def charts(self, *, today: dt.date) -> Sequence[Chart]:
        """With their alternative texts; they are drawn where they are asked for."""
        ...

    def tables(self) -> Sequence[Table]:
        """The main table first; it is the one that a CSV holds."""
        ...

    def as_dict(self) -> dict[str, Any]:
        """The fields of the public contract."""
        ...


def chart_named(name: str, charts: Sequence[Chart]) -> Chart | None:
    """The first where none is named."""
    return next((each for each in charts if name in ("", each.name)), None)


def columns_of(row: type) -> tuple[Column, ...]:
    """The fields of a row class that are annotated with a kind, in their order."""
    hints = get_type_hints(row, include_extras=True)
    return tuple(
        Column(name, kind)
        for name, hint in hints.items()
        for kind in getattr(hint, "__metadata__", ())
        if isinstance(kind, Kind)
    )


def values_of(row: object, columns: Sequence[Column]) -> list[Any]:
    return [getattr(row, column.name) for column in columns]


def dated(name: str, period: Period) -> str:
    return f"{name}-{period.start}-{period.last_day}"


def period_dict(period: Period) -> dict[str, str]:
    return {"from": period.start.isoformat(), "to": period.last_day.isoformat()}


def unknown_dict(sentences: Sequence[str]) -> dict[str, list[str]]:
    """Beyond the contract: why some figures are null, or say less than they seem to."""
    return {"unknown": list(sentences)} if sentences else {}


def incomplete_dict(months: Sequence[dt.date]) -> dict[str, list[str]]:
    """Beyond the contract: the months whose revenue seems to have been imported in part only."""
    return {"looks_incomplete": month_names(months)} if months else {}


def month_names(months: Sequence[dt.date]) -> list[str]:
    return [f"{each:%Y-%m}" for each in months]
