"""The share of the customers with a health score that are in one of its bands."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext

from accounts.models import Dimension
from actions.domain.goals import EVERY, band_of
from analytics.domain.metrics.estimates import UNKNOWN, Estimate, rate_estimate
from analytics.labels import band_label
from analytics.labels.metrics import metric_name
from analytics.queries.customers.table import customer_table
from analytics.queries.health.standing import last_scored_day, standings


def share_in_band(band: str, dimension: Dimension | None, value: str, *, day: dt.date) -> Estimate:
    """By the last night scored in the week that ends with the day; as set by hand where it was."""
    night = last_scored_day(until=day)
    if night is None or night <= day - EVERY:
        return UNKNOWN
    found = standings(_customers(dimension, value, on=night), day=night, today=night)
    bands = [each.band for each in found.values() if each.band]
    return rate_estimate(bands.count(band), len(bands)) if bands else UNKNOWN


def _customers(dimension: Dimension | None, value: str, *, on: dt.date) -> list[int]:
    table = customer_table([] if dimension is None else [dimension])
    if dimension is None:
        return [int(each) for each in table.customers]
    values = table.on(on)[dimension.name]
    return [int(each) for each in values.index[values == value]]


def goal_metric_name(key: str) -> str:
    """Of a metric of the catalogue, or of a band of the health score."""
    if band := band_of(key):
        return gettext("Customers in the health band “%(band)s”") % {"band": band_label(band)}
    return metric_name(key)
