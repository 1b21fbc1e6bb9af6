from __future__ import annotations

import datetime as dt

import pytest

from analytics.models import HealthForecast
from analytics.queries.health.forecasts import graded_forecasts
from tests.analytics.health import DAY, publish

pytestmark = pytest.mark.django_db


def test_the_newest_forecasts_come_first_and_open_ones_have_no_grade() -> None:
    formula = publish()
    for days in (0, 28):
        HealthForecast.objects.create(
            day=DAY + dt.timedelta(days=days), formula=formula, band="risk", horizon_days=90,
            customers=4, expected=1.5,
        )  # fmt: skip

    found = graded_forecasts(until=DAY + dt.timedelta(days=100))

    assert [(each.day - DAY).days for each in found] == [28, 0]
    assert [each.left for each in found] == [None, 0]
