"""What was measured, in one order over two tables: customers' own numbers, then respondents'."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, NamedTuple

from django.db.models import QuerySet

from accounts.models import Reading, RespondentReading

# Which table, and the key of the row there.
Place = tuple[int, int, dt.date, int]


class Wanted(NamedTuple):
    """Empty: all."""

    customer_id: str = ""
    measure: str = ""
    first: dt.date | None = None
    last: dt.date | None = None


# The path to the customer, and the names of what is told.
_TABLES: tuple[tuple[Any, str, Mapping[str, str]], ...] = (
    # A sum of respondents' numbers follows from these.
    (Reading.objects.filter(is_sum=False), "customer", {"owner": "customer"}),
    (
        RespondentReading.objects.exclude(respondent__email=""),
        "respondent__customer",
        {"owner": "respondent", "email": "respondent__email"},
    ),
)


def readings(
    wanted: Wanted, *, after: Place | None, most: int
) -> list[tuple[Place, dict[str, Any]]]:
    """The next ones behind a place, each with its own."""
    found: list[tuple[Place, dict[str, Any]]] = []
    first = after[0] if after else 0
    for number, (rows, customer, names) in list(enumerate(_TABLES))[first:]:
        some = _chosen(rows, wanted, customer=customer)
        if after and number == first:
            some = some.filter(pk__gt=after[1:])
        told = {"customer_id": f"{customer}__customer_id", "key": "measure__key", **names}
        order = ("measure", "day", names["owner"])
        for measure, day, value, *rest in some.order_by(*order).values_list(
            "measure", "day", "value", *told.values()
        )[: most - len(found)]:
            said = dict(zip(told, rest, strict=True))
            row = {"day": day, "measure": said["key"], "value": value}
            row |= {"customer_id": said["customer_id"], "email": said.get("email")}
            found.append(((number, measure, day, said["owner"]), row))
    return found


def _chosen(rows: QuerySet[Any], wanted: Wanted, *, customer: str) -> QuerySet[Any]:
    chosen = {
        f"{customer}__customer_id": wanted.customer_id,
        "measure__key": wanted.measure,
        "day__gte": wanted.first,
        "day__lte": wanted.last,
    }
    return rows.filter(**{name: value for name, value in chosen.items() if value})
