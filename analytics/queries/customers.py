"""Customers with their segment values on a day, and their revenue."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import pandas as pd
from django.db.models import FloatField, Max
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from accounts.domain.segments import UNKNOWN, Definition
from accounts.models import Customer, CustomerVersion, Dimension, MonthlyRevenue
from analytics.domain.periods import month_of

PLACES = ["started_on", "churned_on"]


def read_customers() -> pd.DataFrame:
    """Every customer by primary key, with its dates."""
    rows = Customer.objects.order_by().values_list("pk", *PLACES)
    return pd.DataFrame.from_records(list(rows), columns=["customer", *PLACES], index="customer")


class CustomerSegments:
    """The values of some dimensions for every customer, on any day; read once."""

    def __init__(self, dimensions: Iterable[Dimension]) -> None:
        self._definitions = [each.definition for each in dimensions]
        self._now = pd.DataFrame()
        self._versions = pd.DataFrame()
        if self._definitions:
            self._now = self._values(Customer.objects.order_by(), ["pk"])
            rows = CustomerVersion.objects.order_by("customer", "known_from")
            self._versions = self._values(rows, ["customer_id", "known_from"])

    def on(self, day: dt.date, *, customers: pd.Index) -> pd.DataFrame:
        """What was known by the day before, else the earliest known, else what is known now."""
        names = [each.name for each in self._definitions]
        if not names:
            return pd.DataFrame(index=customers)
        values = self._now.set_index("pk")[names]
        if len(self._versions):
            by_customer = self._versions.groupby("customer_id")[names]
            values = by_customer.first().combine_first(values)
            before = self._versions[self._versions["known_from"] < day]
            # `last` and `first` pass over missing values, which is why unknown is a text here.
            values = before.groupby("customer_id")[names].last().combine_first(values)
        return values.reindex(customers).fillna(UNKNOWN)

    def _values(self, rows: object, fields: Sequence[str]) -> pd.DataFrame:
        texts = {
            f"_value_{place}": KeyTextTransform(each.attribute, "attributes")
            for place, each in enumerate(self._definitions)
        }
        found = rows.annotate(**texts).values_list(*fields, *texts)  # type: ignore[attr-defined]
        frame = pd.DataFrame.from_records(list(found), columns=[*fields, *texts])
        for column, definition in zip(texts, self._definitions, strict=True):
            frame[definition.name] = _segment_values(frame.pop(column), definition)
        return frame


def _segment_values(column: pd.Series, definition: Definition) -> pd.Series:
    """Through the definition once per different text, not once per customer."""
    texts = column.astype(object).where(column.notna(), UNKNOWN)
    values = {
        text: definition.value({definition.attribute: text}) for text in texts.unique().tolist()
    }
    return texts.map(values)


def last_known_month() -> dt.date | None:
    """The last month-end that revenue was imported for."""
    month = MonthlyRevenue.objects.aggregate(last=Max("month"))["last"]
    return month_of(month).last_day if month else None


def read_revenue(months: Iterable[dt.date] | None = None) -> pd.DataFrame:
    """Rows of customer, month, mrr: of the months that contain the given days, or all."""
    rows = MonthlyRevenue.objects.order_by()
    if months is not None:
        rows = rows.filter(month__in={day.replace(day=1) for day in months})
    amounts = rows.annotate(amount=Cast("mrr", FloatField()))
    found = amounts.values_list("customer_id", "month", "amount")
    frame = pd.DataFrame.from_records(list(found), columns=["customer", "month", "mrr"])
    return frame.assign(month=pd.to_datetime(frame["month"]), mrr=frame["mrr"].astype(float))


def currency() -> str:
    """The currency amounts are written in; empty where there are several."""
    found = list(
        MonthlyRevenue.objects.order_by()
        .exclude(currency="")
        .values_list("currency", flat=True)
        .distinct()[:2]
    )
    return found[0] if len(found) == 1 else ""
