from __future__ import annotations

import pytest
from django.utils import translation

from analytics.domain.metrics.catalogue import BY_KEY, SCALE, Unit
from analytics.labels.metrics import interval_words, write_change, write_metric


@pytest.mark.parametrize(
    ("unit", "value", "english", "japanese"),
    [
        (Unit.SHARE, 0.123, "12.3\u00a0%", "12.3%"),
        (Unit.POINTS, -8, "−8", "−8"),
        (Unit.DAYS, 1, "1 day", "1 日"),
        (Unit.DAYS, 12, "12 days", "12 日"),
        (Unit.HOURS, 1.25, "1.3 hours", "1.3 時間"),
        (Unit.MONEY, 1234567, "¥1,234,567", "¥1,234,567"),
        (Unit.MONEY, None, "–", "–"),
    ],
)
def test_a_value_is_written_in_its_unit(
    unit: Unit, value: float | None, english: str, japanese: str
) -> None:
    with translation.override("en"):
        assert write_metric(value, unit, currency="JPY") == english
    with translation.override("ja"):
        assert write_metric(value, unit, currency="JPY") == japanese


@pytest.mark.parametrize(
    ("unit", "value", "shown"),
    [
        (Unit.SHARE, 0.0234, "+2.3 points"),
        (Unit.POINTS, -1.26, "−1.3 points"),
        (Unit.DAYS, 1, "+1 day"),
        (Unit.HOURS, -0.5, "−0.5 hours"),
        (Unit.MONEY, 500, "+¥500"),
        (Unit.MONEY, -500, "−¥500"),
        (SCALE, 0.05, "+0.05"),
    ],
)
def test_a_change_has_its_sign_and_that_of_a_share_is_in_points(
    unit: Unit, value: float, shown: str
) -> None:
    assert write_change(value, unit, currency="JPY") == shown


@pytest.mark.parametrize(
    ("key", "begins"),
    [("nps", "The score interval"), ("csat_mean", "Linearised"), ("csat", "Wilson"),
     ("grr", "By bootstrap"), ("onboarding_days", "Of the Kaplan-Meier")],
)  # fmt: skip
def test_each_interval_says_how_it_comes_about(key: str, begins: str) -> None:
    assert interval_words(BY_KEY[key]).startswith(begins)
