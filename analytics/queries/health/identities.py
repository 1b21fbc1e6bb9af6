"""Who a score is of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from accounts.models import Customer
from analytics.queries.customers.table import CustomerTable
from analytics.queries.dimensions import known_dimensions
from analytics.queries.filters import dimensions_named


@dataclass(frozen=True, slots=True)
class Identity:
    customer_id: str
    name: str
    # By dimension.
    segment: Mapping[str, str] = field(default_factory=dict)


def identities(day: dt.date, *, by: Sequence[str] = ()) -> dict[int, Identity]:
    """Of every customer, with the values of the dimensions as they were known on the day."""
    segments = _segments(day, by) if by else {}
    rows = Customer.objects.order_by().values_list("pk", "customer_id", "name")
    return {pk: Identity(customer_id, name, segments.get(pk, {})) for pk, customer_id, name in rows}


def _segments(day: dt.date, by: Sequence[str]) -> dict[int, dict[str, str]]:
    known = {each.name: each for each in known_dimensions() if each.source == "customer"}
    frame = CustomerTable(dimensions_named(by, known)).on(day + dt.timedelta(days=1))
    values = [frame[name].astype(str).tolist() for name in by]
    rows = zip(*values, strict=True)
    return {
        int(pk): dict(zip(by, row, strict=True)) for pk, row in zip(frame.index, rows, strict=True)
    }
