from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from analytics.domain.periods import Period
from analytics.queries.database.clock import bounds, day_of, days_of

MOMENTS = [
    "2026-03-28T22:59:59.999999+00:00",
    "2026-03-28T23:00+00:00",
    # From the night without its third hour on, Berlin is two hours ahead.
    "2026-03-29T21:59:59.999999+00:00",
    "2026-03-29T22:00+00:00",
]
DAYS = ["2026-03-28", "2026-03-29", "2026-03-29", "2026-03-30"]


@pytest.fixture(autouse=True)
def _in_berlin(settings) -> None:
    settings.TIME_ZONE = "Europe/Berlin"


def test_a_day_without_its_third_hour_is_as_long_as_it_is() -> None:
    start, end = bounds(Period(dt.date(2026, 3, 29), dt.date(2026, 3, 30)))

    assert (start.isoformat(), end.isoformat()) == (
        "2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00"
    )  # fmt: skip
    assert end.astimezone(dt.UTC) - start.astimezone(dt.UTC) == dt.timedelta(hours=23)


def test_moments_fall_on_the_days_of_the_organisation() -> None:
    assert [f"{day_of(dt.datetime.fromisoformat(each))}" for each in MOMENTS] == DAYS


def test_a_column_of_seconds_has_the_days_of_its_moments() -> None:
    seconds = [int(dt.datetime.fromisoformat(each).timestamp()) for each in MOMENTS]

    days = days_of(np.array(seconds, dtype=np.int64))

    assert days.astype(str).tolist() == DAYS
