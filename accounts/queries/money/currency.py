"""The currency of reports, and what cannot be brought into it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import (
    Case,
    Count,
    DecimalField,
    Exists,
    F,
    Max,
    Min,
    OuterRef,
    Subquery,
    Sum,
    When,
)

from accounts.domain.money import Conversion, reporting_currency
from accounts.models import ExchangeRate, MonthlyRevenue
from common.caching.cached import cached

_AMOUNT = DecimalField(max_digits=30, decimal_places=2)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Amounts of one currency whose month has no rate."""

    currency: str
    amounts: int
    customers: int
    first: dt.date
    last: dt.date


def conversion() -> Conversion:
    """Rows are counted and rates read only where there are several currencies."""
    return _conversion(lambda _currencies: _count_rows())


def conversion_for_sending() -> Conversion:
    """For what asks once in every few e-mails: all rows are counted at most once a minute.

    Which currencies there are, and their rates, is read each time.
    """
    return _conversion(
        lambda currencies: cached(
            f"rows-by-currency-{'-'.join(currencies)}", _count_rows, fresh=60, oldest=60
        )
    )


def _conversion(counted: Callable[[Sequence[str]], Mapping[str, int]]) -> Conversion:
    occurring = _currencies()
    counts: Mapping[str, int] = dict.fromkeys(occurring, 1)
    if len(occurring) > 1 and not settings.CURRENCY:
        counts = counted(occurring)
    into = reporting_currency(counts, chosen=settings.CURRENCY)
    if all(each == into for each in occurring):
        return Conversion(into, {}, has_foreign=False)
    rates = ExchangeRate.objects.values_list("currency", "month", "rate")
    return Conversion(into, {(currency, month): rate for currency, month, rate in rates})


def _count_rows() -> dict[str, int]:
    rows = MonthlyRevenue.objects.order_by().values_list("currency")
    return dict(rows.annotate(number=Count("pk")))


def _currencies() -> list[str]:
    """Those that occur, from one to the next in the index: a list of all rows would be long."""
    found: list[str] = []
    while following := _next_currency(found[-1] if found else ""):
        found.append(following)
    return found


def _next_currency(after: str) -> str | None:
    rows = MonthlyRevenue.objects.filter(currency__gt=after)
    found: str | None = rows.aggregate(next=Min("currency"))["next"]
    return found


def mrr_in_month(month: Any) -> Any:
    """What a customer pays in a month, for the database: its products together, in the currency of
    reports; NULL where it has no row, or a rate is not known."""
    amount = _in_reporting_currency()
    rows = MonthlyRevenue.objects.filter(customer=OuterRef("pk"), month=month)
    summed = rows.order_by().values("customer").annotate(total=Sum(amount), number=Count(amount))
    whole = summed.filter(number=Count("pk"))
    return Subquery(whole.values("total"), output_field=_AMOUNT)


def _in_reporting_currency() -> Any:
    """The amount of a row of revenue; NULL where no rate is known."""
    known, amount = conversion(), F("mrr")
    if not known.has_foreign:
        return amount
    rate = ExchangeRate.objects.filter(month=OuterRef("month"), currency=OuterRef("currency"))
    own = When(currency__in=["", known.currency], then=amount)
    converted = amount * Subquery(rate.values("rate"))
    return Case(own, default=converted, output_field=_AMOUNT)


def amounts_left_out(known: Conversion, *, since: dt.date) -> list[LeftOut]:
    """From the month of a day on: what stands on a page looks as far back as its figures do."""
    if not known.has_foreign:
        return []
    rate = ExchangeRate.objects.filter(month=OuterRef("month"), currency=OuterRef("currency"))
    rows = MonthlyRevenue.objects.exclude(currency__in=["", known.currency]).filter(
        ~Exists(rate), month__gte=since.replace(day=1)
    )
    found = (
        rows.order_by("currency")
        .values_list("currency")
        .annotate(Count("pk"), Count("customer", distinct=True), Min("month"), Max("month"))
    )
    return [LeftOut(*each) for each in found]
