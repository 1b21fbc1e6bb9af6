from __future__ import annotations

from datetime import date

from analytics.domain.health.facts.working_days import calendar_days


def test_a_window_of_working_days_is_longer_over_weekends_and_holidays() -> None:
    friday = date(2026, 11, 27)
    holidays = {date(2026, 11, 23)}

    assert calendar_days(friday, 5, is_holiday=lambda day: False) == 5
    assert calendar_days(friday, 6, is_holiday=lambda day: False) == 8
    assert calendar_days(friday, 5, is_holiday=lambda day: day in holidays) == 8
