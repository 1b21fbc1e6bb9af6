"""How customers used the product in the last days of a period."""

from __future__ import annotations

import datetime as dt

import pandas as pd
from django.conf import settings
from django.db.models import Count, Q

from accounts.models import Reading
from analytics.domain.health.facts.working_days import SATURDAY
from analytics.domain.metrics.facts import Use
from analytics.domain.metrics.windows import USE_DAYS
from analytics.queries.facts.readings import reading_sums
from analytics.queries.facts.terms import terms_on
from surveys.queries.calendar.calendars import holiday_dates


def use_until(last_day: dt.date, *, measure: str, any_use: bool) -> Use:
    """Of the chosen measure, where one is given, and of all together, where that is asked for."""
    total, seats = pd.Series(dtype=float), pd.Series(dtype=float)
    if measure:
        total = reading_sums(measure, until=last_day, days=USE_DAYS)
        seats = terms_on(last_day)["seats"]
    if not any_use:
        return Use(total, seats)
    working = _working_days(last_day)
    return Use(total, seats, _days_active(last_day, working), len(working))


def _days_active(last_day: dt.date, working: list[dt.date]) -> pd.Series:
    """By customer with a reading of any measure in the window."""
    first = last_day - dt.timedelta(days=USE_DAYS - 1)
    # By measure, since the key of the table begins with it.
    rows = Reading.objects.filter(day__gte=first, day__lte=last_day).order_by()
    active = Count("day", distinct=True, filter=Q(value__gt=0, day__in=working))
    found = dict(rows.values_list("customer_id").annotate(active=active))
    return pd.Series(found, dtype=float).rename_axis("customer")


def _working_days(last_day: dt.date) -> list[dt.date]:
    """Monday to Friday without the holidays of the country that the language speaks of."""
    country = {"ja": "JP"}.get(settings.LANGUAGE_CODE, "")
    days = [last_day - dt.timedelta(days=back) for back in range(USE_DAYS)]
    return [
        day
        for day in days
        if day.weekday() < SATURDAY and not (country and day in holiday_dates(country, day.year))
    ]
