"""Sending hours, holidays and zones, in the form in which the timing rules take them."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
from django.conf import settings

from surveys.domain.timing import EVERY_DAY, IsHoliday, SendWindow, no_holidays
from surveys.models import Campaign

_MIDNIGHT = dt.time(0)


@lru_cache(maxsize=256)
def holiday_dates(country: str, year: int) -> frozenset[dt.date]:
    """The national holidays of a country by its two-letter code."""
    return frozenset(holidays.country_holidays(country, years=year).keys())


def holidays_of(country: str) -> IsHoliday:
    if not country:
        return no_holidays
    return lambda day: day in holiday_dates(country, day.year)


def send_window(campaign: Campaign) -> SendWindow:
    return SendWindow(
        start=campaign.send_from or _MIDNIGHT,
        end=campaign.send_until or _MIDNIGHT,
        weekdays=frozenset(campaign.weekdays) or EVERY_DAY,
    )


@lru_cache(maxsize=1024)
def zone_named(name: str) -> ZoneInfo:
    """The zone, or the organisation's where the name is empty or no longer known."""
    try:
        return ZoneInfo(name or settings.TIME_ZONE)
    except (KeyError, ValueError, OSError):
        return ZoneInfo(settings.TIME_ZONE)
