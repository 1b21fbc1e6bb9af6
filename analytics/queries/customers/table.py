"""Customers with their segment values on a day, and their revenue.

Read as packed columns: twenty thousand customers cost some ten milliseconds a table, so that every
report reads what is true now and nothing has to be kept and forgotten in time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from django.db.models import Max, Min, QuerySet
from django.db.models.fields.json import KeyTextTransform
from numpy.typing import NDArray

from accounts.domain.money import Conversion
from accounts.domain.segments import MRR, NUMBERS, TENURE, UNKNOWN, Definition, tenure_on
from accounts.models import Customer, CustomerVersion, Dimension, MonthlyRevenue
from accounts.queries.customers.owners import accounts_of
from accounts.queries.money.revenue import month_known_on
from analytics.domain.periods import month_of
from analytics.queries.customers.money import known_conversion
from analytics.queries.database.columns import (
    Cents,
    DayNumber,
    columns_with_keys,
    days_of_numbers,
    number_of_day,
    packed_groups,
)
from analytics.queries.database.snapshot import once

PLACES = ["started_on", "churned_on"]
# Behind every version: what is known now counts only for a customer without any.
_NOW = 1 << 31


class CustomerTable:
    """Every customer with its dates, and the values of some dimensions on any day; read once."""

    def __init__(self, dimensions: Iterable[Dimension] = ()) -> None:
        definitions = [each.definition for each in dimensions]
        self._definitions = [each for each in definitions if not NUMBERS.intersection(each.reads)]
        self._banding_mrr = [each for each in definitions if MRR in each.reads]
        self._banding_tenure = [each for each in definitions if TENURE in each.reads]
        self._values: dict[str, list[str]] = {each.name: [] for each in self._definitions}
        places = [DayNumber(name) for name in PLACES]
        columns, codes = self._read(Customer.objects.order_by(), "pk", *places)
        order = np.argsort(columns[0])
        columns, codes = columns[:, order], codes[:, order]
        self.customers = pd.Index(columns[0], name="customer")
        self._versions = self._with_versions(columns[0], codes)
        # Every report reads the dates, so they are days here and not objects of Python.
        self.dates = pd.DataFrame(
            {
                name: days_of_numbers(column).astype("datetime64[s]")
                for name, column in zip(PLACES, columns[1:], strict=True)
            },
            index=self.customers,
        )

    def on(self, day: dt.date) -> pd.DataFrame:
        """What was known by the day before, else the earliest known, else what is known now."""
        starts, known_from, codes = self._versions
        before = np.add.reduceat(known_from < number_of_day(day), starts) if len(starts) else starts
        chosen = codes[:, starts + np.maximum(before - 1, 0)]
        month = None
        if self._banding_mrr:
            month = month_known_on(day) or _first_known_month()
        return self._frame(chosen, month=month, day=day)

    def present(self, today: dt.date) -> pd.DataFrame:
        """The values that an invitation sent today would be frozen with."""
        starts, known_from, codes = self._versions
        ends = np.append(starts, len(known_from))[1:] - 1
        month = month_known_on(today) if self._banding_mrr else None
        return self._frame(codes[:, ends], month=month, day=today)

    def _frame(
        self, codes: NDArray[np.intp], *, month: dt.date | None, day: dt.date
    ) -> pd.DataFrame:
        columns = {
            name: pd.Categorical.from_codes(codes[place], categories=pd.Index(values, dtype="str"))
            for place, (name, values) in enumerate(self._values.items())
        }
        paid = self._paid(month) if self._banding_mrr else pd.Series(dtype=float)
        amounts, places = np.unique(paid.to_numpy(), return_inverse=True)
        texts = [UNKNOWN if np.isnan(each) else f"{each:.2f}" for each in amounts]
        for each in self._banding_mrr:
            values = [each.value({MRR: text}) for text in texts]
            columns[each.name] = pd.Categorical(np.array(values, dtype=object)[places])
        for each in self._banding_tenure:
            columns[each.name] = self._tenure(each, day=day)
        return pd.DataFrame(columns, index=self.customers)

    def _tenure(self, definition: Definition, *, day: dt.date) -> pd.Categorical:
        starts, places = np.unique(self.dates["started_on"].to_numpy(), return_inverse=True)
        days = [None if pd.isna(start) else pd.Timestamp(start).date() for start in starts]
        values = [definition.value({TENURE: tenure_on(day, each)}) for each in days]
        return pd.Categorical(np.array(values, dtype=object)[places])

    def _paid(self, month: dt.date | None) -> pd.Series:
        """MRR by customer; missing where no month is known, 0 where the month has no row."""
        if month is None:
            return pd.Series(np.nan, index=self.customers)
        paid = read_revenue([month]).set_index("customer")["mrr"]
        return paid.reindex(self.customers, fill_value=0.0)

    def _with_versions(self, customers: NDArray[Any], codes: NDArray[Any]) -> tuple[Any, ...]:
        """Where each customer's rows start, and of each row since when it was known and its codes.

        A customer's rows stand in the order of becoming known, its values of now at the end.
        """
        known_from = np.full(len(customers), _NOW)
        if self._definitions:
            rows = CustomerVersion.objects.order_by()
            (owners, days), older = self._read(rows, "customer_id", DayNumber("known_from"))
            customers = np.concatenate([customers, owners])
            known_from = np.concatenate([known_from, days])
            codes = np.concatenate([codes, older], axis=1)
        # Two columns in one number: the rows come in runs that are in order, which sorts them fast.
        order = np.argsort((customers << 32) + known_from, kind="stable")
        starts = np.searchsorted(customers[order], self.customers)
        return starts, known_from[order], codes[:, order]

    def _read(
        self, rows: QuerySet[Any], *columns: Any
    ) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
        """The columns, and the code of each row's value in each dimension."""
        attributes = sorted({name for each in self._definitions for name in each.reads})
        texts = {
            f"_text_{place}": KeyTextTransform(name, "attributes")
            for place, name in enumerate(attributes)
        }
        # Through a definition once per different combination of texts, not once per customer.
        found = packed_groups(rows.annotate(**texts), by=list(texts), columns=columns)
        numbers, groups = columns_with_keys(found, width=len(columns))
        known = [
            {name: text for name, text in zip(attributes, row, strict=False) if text is not None}
            for row in found
        ]
        codes = [self._codes(each, known)[groups] for each in self._definitions]
        return numbers, np.array(codes, dtype=np.intp).reshape(len(codes), len(groups))

    def _codes(
        self, definition: Definition, attributes: Sequence[dict[str, str]]
    ) -> NDArray[np.intp]:
        """The one place where attributes become values; a value's code is its place in a list."""
        values = self._values[definition.name]
        places = {value: place for place, value in enumerate(values)}
        for each in attributes:
            places.setdefault(definition.value(each), len(places))
        values[:] = places
        return np.array([places[definition.value(each)] for each in attributes], dtype=np.intp)


def customer_table(dimensions: Iterable[Dimension] = ()) -> CustomerTable:
    """Read once in each snapshot: a report looks at several periods."""
    wanted = sorted(set(dimensions), key=lambda each: each.name)
    names = [each.name for each in wanted]
    return once(f"customers {names}", partial(CustomerTable, wanted))


def _first_known_month() -> dt.date | None:
    found: dt.date | None = MonthlyRevenue.objects.aggregate(first=Min("month"))["first"]
    return found


def last_known_month() -> dt.date | None:
    """The last month-end that revenue was imported for."""
    month = MonthlyRevenue.objects.aggregate(last=Max("month"))["last"]
    return month_of(month).last_day if month else None


def read_revenue(months: Iterable[dt.date] | None = None) -> pd.DataFrame:
    """Rows of customer, month, mrr: of the months that contain the given days, or all.

    A customer's products are summed up. In the currency of reports; an amount for which no rate is
    known is missing (NaN), not zero, and so is the sum that it is part of.
    """
    if months is None:
        return _read_revenue(None)
    firsts = sorted({day.replace(day=1) for day in months})
    # For each reader its own: some add columns.
    return once(f"revenue {firsts}", partial(_read_revenue, firsts)).copy()


def _read_revenue(months: Sequence[dt.date] | None) -> pd.DataFrame:
    rows = MonthlyRevenue.objects.order_by()
    if months is not None:
        rows = rows.filter(month__in=months)
    known = known_conversion()
    by = ["month", "currency"] if known.has_foreign else ["month"]
    found = packed_groups(rows, by=by, columns=["customer_id", Cents("mrr")])
    (customers, cents), groups = columns_with_keys(found, width=2)
    days = np.array([row[0] for row in found], dtype="datetime64[s]")
    # Asking the database whether there are products would cost a look at every row.
    products = _is_any_twice(customers, days[groups])
    if products:
        customers, cents, groups = _summed(customers, cents, groups)
    rates = np.array([rate_of(row, known) for row in found], dtype=np.float64)
    read = pd.DataFrame(
        {"customer": customers, "month": days[groups], "mrr": cents / 100 * rates[groups]}
    )
    # Of one month in several currencies there are several rows yet.
    return _of_months(read) if products and known.has_foreign else read


def _is_any_twice(customers: NDArray[np.int64], months: NDArray[np.datetime64]) -> bool:
    """Whether a customer has several rows of a month."""
    places = np.sort((months.astype("datetime64[M]").astype(np.int64) << 32) + customers)
    return bool((places[1:] == places[:-1]).any())


def _summed(*columns: NDArray[np.int64]) -> Sequence[NDArray[Any]]:
    """One row per customer and group, in whole cents: as exact as a single amount."""
    rows = pd.DataFrame(dict(zip(("customer", "cents", "group"), columns, strict=True)))
    found = rows.groupby(["group", "customer"], as_index=False, sort=False)["cents"].sum()
    return [found[name].to_numpy() for name in ("customer", "cents", "group")]


def _of_months(rows: pd.DataFrame) -> pd.DataFrame:
    amounts = rows.groupby(["customer", "month"], sort=False)["mrr"]
    return amounts.sum(skipna=False).reset_index()


def rate_of(row: Sequence[Any], known: Conversion) -> float:
    """NaN where none is known."""
    rate = known.rate(row[1], month=row[0]) if known.has_foreign else 1
    return np.nan if rate is None else float(rate)


def account_ids(owner: str) -> list[int]:
    """The customers that belong to the CS member with this address."""
    return list(accounts_of(owner).values_list("pk", flat=True))
