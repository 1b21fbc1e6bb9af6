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
<<<<<<< HEAD


class Epoch(Func):
    """Seconds since 1970: days are then told apart at once for a whole column.

    The database's own date truncation is a Python call per row on SQLite.
    """

    output_field = BigIntegerField()

    def as_sqlite(  # type: ignore[override]
        self, compiler: Any, connection: Any, **context: Any
    ) -> tuple[str, Sequence[Any]]:
        # One pair of signs is used up here, the other by the cursor. SQLite would round the last
        # half of a millisecond up into the next second, and so into the next day.
        template = "CAST(strftime('%%%%s', substr(%(expressions)s, 1, 19)) AS INTEGER)"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_postgresql(
        self, compiler: Any, connection: Any, **context: Any
    ) -> tuple[str, Sequence[Any]]:
        template = "FLOOR(EXTRACT(EPOCH FROM %(expressions)s))::bigint"
        return self.as_sql(compiler, connection, template=template, **context)
=======
>>>>>>> main
