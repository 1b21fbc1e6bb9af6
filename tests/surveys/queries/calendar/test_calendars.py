from __future__ import annotations

import datetime as dt

import pytest

from surveys.domain.timing import EVERY_DAY
from surveys.models import Campaign
from surveys.queries.calendar.calendars import Hours, SendTime, holidays_of, send_window, zone_named

# Monday, 18:00 in Tokyo, 9:00 in London.
NOW = dt.datetime(2026, 11, 16, 9, 0, tzinfo=dt.UTC)
OFFICE = {"send_from": dt.time(9), "send_until": dt.time(18), "weekdays": [0, 1, 2, 3, 4]}


def utc(day: int, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, 11, day, hour, minute, tzinfo=dt.UTC)


def test_a_campaign_without_hours_sends_at_every_hour_of_every_day() -> None:
    window = send_window(Campaign())

    assert (window.start, window.end, window.weekdays) == (dt.time(0), dt.time(0), EVERY_DAY)
    assert Hours(Campaign()).from_then(NOW, "Asia/Tokyo") == SendTime(NOW, None)


def test_holidays_are_those_of_the_country() -> None:
    thanksgiving, labour = dt.date(2026, 11, 26), dt.date(2026, 11, 23)

    assert [holidays_of("US")(each) for each in (thanksgiving, labour)] == [True, False]
    assert [holidays_of("JP")(each) for each in (thanksgiving, labour)] == [False, True]
    assert not holidays_of("")(labour)


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../etc/passwd", "\x00"])
def test_a_zone_that_is_not_known_is_the_organisations(settings, name: str) -> None:
    settings.TIME_ZONE = "Asia/Tokyo"
    zone_named.cache_clear()

    assert zone_named(name).key == "Asia/Tokyo"
    assert zone_named("Europe/London").key == "Europe/London"
    zone_named.cache_clear()


def test_hours_are_those_of_the_clock_of_whom_it_goes_to() -> None:
    hours = Hours(Campaign(**OFFICE))

    assert hours.from_then(NOW, "Europe/London") == SendTime(NOW, utc(16, 18))
    assert hours.from_then(NOW, "Asia/Tokyo") == SendTime(utc(17, 0), utc(17, 9))


def test_weekend_and_holiday_are_passed_over_together() -> None:
    hours = Hours(Campaign(**OFFICE, holidays_of="JP"))

    # Friday after hours; Monday is Labour Thanksgiving Day.
    assert hours.from_then(utc(20, 9), "Asia/Tokyo") == SendTime(utc(24, 0), utc(24, 9))


def test_the_end_of_the_hours_is_looked_up_again_once_they_are_over() -> None:
    hours = Hours(Campaign(**OFFICE))

    moments = [utc(16, 0), utc(16, 8, 59), utc(17, 0), utc(16, 0)]

    ends = [hours.at(moment, "Asia/Tokyo") for moment in moments]
    assert ends == [SendTime(each, utc(each.day, 9)) for each in moments]
