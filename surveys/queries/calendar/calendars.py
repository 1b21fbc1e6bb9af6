"""Sending hours, holidays and zones, in the form in which the timing rules take them."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings

from surveys.domain.timing import (
    EVERY_DAY,
    IsHoliday,
    SendWindow,
    closes_at,
    next_allowed,
    no_holidays,
)
from surveys.models import Campaign

_MIDNIGHT = dt.time(0)


@lru_cache(maxsize=256)
def holiday_dates(country: str, year: int) -> frozenset[dt.date]:
    """The national holidays of a country by its two-letter code."""
    import holidays  # a country's calendar takes memory that most processes need not

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


class SendTime(NamedTuple):
    """When an e-mail is due, and until when it may leave; None: at any hour."""

    at: dt.datetime
    by: dt.datetime | None


class Hours:
    """The allowed hours of a campaign, on the clock of whom an e-mail goes to."""

    def __init__(self, campaign: Campaign) -> None:
        self.window = send_window(campaign)
        self.is_holiday = holidays_of(campaign.holidays_of)
        self._open: dict[str, SendTime] = {}

    def is_open(self, day: dt.date) -> bool:
        return day.weekday() in self.window.weekdays and not self.is_holiday(day)

    def from_then(self, moment: dt.datetime, zone_name: str) -> SendTime:
        """At that moment, or when the hours open next."""
        zone = zone_named(zone_name)
        at = next_allowed(moment, zone=zone, window=self.window, is_holiday=self.is_holiday)
        return self.at(at, zone_name)

    def at(self, moment: dt.datetime, zone_name: str) -> SendTime:
        """At an allowed moment."""
        # Most e-mails to a zone leave within the same hours.
        hours = self._open.get(zone_name)
        if hours is None or (hours.by and not hours.at <= moment < hours.by):
            zone = zone_named(zone_name)
            by = closes_at(moment, zone=zone, window=self.window, is_holiday=self.is_holiday)
            hours = self._open[zone_name] = SendTime(moment, by)
        return SendTime(moment, hours.by)
