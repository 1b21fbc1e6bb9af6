"""Contracts and judgements of customers as they were known on a day."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from accounts.models import CustomerTerms
from analytics.queries.database.columns import (
    DayNumber,
    columns_with_keys,
    days_of_numbers,
    packed_groups,
)


def terms_on(day: dt.date) -> pd.DataFrame:
    """By customer `renews_on` (a day or NaT) and `seats` (NaN: unknown).

    As with the segments of a customer: what was known by the day, else the earliest known.
    """
    found = CustomerTerms.objects.order_by("customer", "known_from")
    names = ["customer", "known_from", "renews_on", "seats"]
    rows = pd.DataFrame.from_records(
        list(found.values_list("customer_id", *names[1:])), columns=names
    )
    rows["renews_on"] = pd.to_datetime(rows["renews_on"])
    rows["seats"] = rows["seats"].astype(float)
    known = pd.to_datetime(rows["known_from"]) <= pd.Timestamp(day)
    first = ~rows["customer"].duplicated()
    chosen = rows[known | first].drop_duplicates("customer", keep="last")
    return chosen.set_index("customer")[["renews_on", "seats"]]


def renewal_dates() -> pd.DataFrame:
    """Rows of `customer`, `renews_on`, `known_from`: each date ever known, and since when."""
    found = packed_groups(
        CustomerTerms.objects.filter(renews_on__isnull=False),
        by=[],
        columns=["customer_id", DayNumber("renews_on"), DayNumber("known_from")],
    )
    (customers, renews, known), _ = columns_with_keys(found, width=3)
    days = {
        name: days_of_numbers(column).astype("datetime64[s]")
        for name, column in (("renews_on", renews), ("known_from", known))
    }
    rows = pd.DataFrame({"customer": customers, **days}).sort_values("known_from", kind="stable")
    return rows.drop_duplicates(["customer", "renews_on"]).reset_index(drop=True)
