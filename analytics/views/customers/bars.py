"""A row of bars as plain SVG: attributes only, since the policy allows no inline style."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from accounts.domain.money import Conversion, Paid
from surveys.queries.people.lookup import Billed

HEIGHT = 64
STEP = 20


@dataclass(frozen=True)
class Bar:
    month: dt.date
    value: Decimal | int
    x: int
    y: float
    height: float


@dataclass(frozen=True)
class Bars:
    width: int
    height: int
    bars: list[Bar]
    # What the axes are named by: the largest value and the last month.
    top: float
    last: dt.date


@dataclass(frozen=True)
class Scale:
    currency: str
    amounts: list[tuple[dt.date, Decimal | int | None]]


def one_scale(
    revenue: Sequence[tuple[dt.date, Billed | None]], *, rates: Callable[[], Conversion]
) -> Scale:
    """As billed where that is in one currency, else in that of reports; 0 where there is none."""
    named = [each for _, each in revenue if each and each.mrr is not None]
    if len({each.currency for each in named}) <= 1:
        currency = named[-1].currency if named else ""
        return Scale(currency, [(month, each.mrr if each else 0) for month, each in revenue])
    known = rates()
    amounts = [
        (month, known.converted(Paid(each.mrr, each.currency, month)) if each else 0)
        for month, each in revenue
    ]
    return Scale(known.currency, amounts)


def bars(values: Sequence[tuple[dt.date, Decimal | int | None]]) -> Bars | None:
    """From zero up to the largest value, a gap for None; None where there is nothing to draw."""
    highest = max((float(value) for _, value in values if value is not None), default=0.0)
    if highest <= 0:
        return None
    drawn = []
    for index, (month, value) in enumerate(values):
        if value is None:
            continue
        height = round(HEIGHT * float(value) / highest, 1)
        drawn.append(Bar(month, value, index * STEP, round(HEIGHT - height, 1), height))
    return Bars(len(values) * STEP, HEIGHT, drawn, highest, values[-1][0])
