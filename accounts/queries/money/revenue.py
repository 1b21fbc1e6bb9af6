"""The MRR of customers as it was known on a day, to be banded like an attribute."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Max

from accounts.domain.money import Conversion
from accounts.domain.segments import MRR, TENURE, UNKNOWN, tenure_on
from accounts.models import Customer, Dimension, MonthlyRevenue
from accounts.queries.money.completeness import month_looks_incomplete, not_told
from accounts.queries.money.currency import conversion

NONE, ZERO = "0", Decimal(0)


def month_known_on(day: dt.date) -> dt.date | None:
    """The last month with revenue that was over by the day; None where none was."""
    over = MonthlyRevenue.objects.filter(month__lt=day.replace(day=1))
    found: dt.date | None = over.aggregate(month=Max("month"))["month"]
    return found


def mrr_known_on(
    customers: Iterable[int | None],
    *,
    day: dt.date,
    known: Callable[[], Conversion] = conversion,
    is_incomplete: Callable[[dt.date], bool] = month_looks_incomplete,
) -> dict[int | None, str]:
    """By customer, as a text in the currency of reports; who is not in it is not known.

    No row in a known month is no MRR, unless its file was cut. Whoever asks again and again says
    how the conversion, and whether a month is incomplete, are known without reading them each time.
    """
    month = month_known_on(day)
    if month is None:
        return {}
    wanted = {pk for pk in customers if pk is not None}
    rows = MonthlyRevenue.objects.filter(month=month, customer__in=wanted)
    rates = known()
    paid: dict[int, Decimal | None] = {}
    for pk, mrr, currency in rows.values_list("customer_id", "mrr", "currency"):
        amount, before = rates.amount(mrr, currency=currency, month=month), paid.get(pk, ZERO)
        paid[pk] = None if amount is None or before is None else before + amount
    if absent := wanted - paid.keys():
        paid |= dict.fromkeys(not_told(absent, month, is_incomplete=is_incomplete))
    texts = {pk: None if amount is None else f"{amount:f}" for pk, amount in paid.items()}
    return {pk: text for pk in wanted if (text := texts.get(pk, NONE)) is not None}


def billed(
    customers: Iterable[int], *, months: Iterable[dt.date]
) -> dict[tuple[int, dt.date], tuple[Decimal | None, str]]:
    """The MRR by customer and month with its currency, as it is billed: see `Conversion.total`."""
    rows = MonthlyRevenue.objects.filter(customer__in=customers, month__in=months)
    amounts: dict[tuple[int, dt.date], list[tuple[Decimal, str]]] = {}
    for pk, month, mrr, currency in rows.values_list("customer_id", "month", "mrr", "currency"):
        amounts.setdefault((pk, month), []).append((mrr, currency))
    several = any(len({currency for _, currency in each}) > 1 for each in amounts.values())
    known = conversion() if several else Conversion("", {}, has_foreign=False)
    return {key: known.total(each, month=key[1]) for key, each in amounts.items()}


def with_numbers(
    customers: Mapping[int, Mapping[str, Any]], *, dimensions: Sequence[Dimension], day: dt.date
) -> dict[int, dict[str, Any]]:
    """Customers' attributes with MRR and tenure beside them, where a dimension reads them."""
    known = {pk: dict(attributes) for pk, attributes in customers.items()}
    if any(each.reads_mrr for each in dimensions):
        found = mrr_known_on(customers, day=day)
        for pk, attributes in known.items():
            attributes[MRR] = found.get(pk, UNKNOWN)
    if any(each.reads_tenure for each in dimensions):
        rows = Customer.objects.filter(pk__in=known).values_list("pk", "started_on")
        for pk, started_on in rows:
            known[pk][TENURE] = tenure_on(day, started_on)
    return known
