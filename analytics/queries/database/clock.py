"""Days of the organisation against the moments that rows carry."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from django.conf import settings
from numpy.typing import NDArray

from analytics.domain.periods import Period


def zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)


def midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), tzinfo=zone())


def bounds(period: Period) -> tuple[dt.datetime, dt.datetime]:
    return midnight(period.start), midnight(period.end)


def day_of(moment: dt.datetime) -> dt.date:
    return moment.astimezone(zone()).date()


def days_of(seconds: NDArray[np.int64]) -> NDArray[np.datetime64]:
    """As `day_of`, for a whole column of seconds since 1970."""
    there = pd.to_datetime(seconds, unit="s", utc=True).tz_convert(zone())
    return there.tz_localize(None).to_numpy().astype("datetime64[D]")
