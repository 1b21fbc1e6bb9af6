from __future__ import annotations

import datetime as dt

from analytics.domain.health.kept import NIGHTS_KEPT, is_kept

TODAY = dt.date(2026, 11, 22)
ONE = dt.timedelta(days=1)
OLDEST = TODAY - NIGHTS_KEPT


def kept(day: dt.date, *forecasts: dt.date) -> bool:
    return is_kept(day, today=TODAY, forecasts=forecasts)


def test_every_night_of_a_hundred_days_stays() -> None:
    assert all(kept(OLDEST + number * ONE) for number in range(101))
    assert not kept(OLDEST - ONE)


def test_of_older_nights_those_of_month_ends_and_of_forecasts_stay() -> None:
    assert kept(dt.date(2024, 2, 29))
    assert not kept(dt.date(2024, 2, 28))
    assert kept(dt.date(2024, 2, 28), dt.date(2024, 2, 28))
