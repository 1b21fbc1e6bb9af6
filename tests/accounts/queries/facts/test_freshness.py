from __future__ import annotations

import pytest

from accounts.models import Measure
from accounts.queries.facts.freshness import late_sources, sources
from tests.customer_facts import TODAY, day

pytestmark = pytest.mark.django_db


def make(key: str, *backs: int) -> None:
    days = sorted(day(back) for back in backs)
    Measure.objects.create(
        key=key, first_day=days[0], last_day=days[-1], recent_days=[f"{each}" for each in days]
    )


def test_each_measure_says_how_far_it_is_known_and_whether_it_is_late() -> None:
    Measure.objects.create(key="never came")
    make("daily", *range(10))
    make("late", *range(3, 13))
    make("weekly", 14, 21, 28)
    make("new", 50)

    found = sources(today=TODAY)

    assert [(each.measure, each.rhythm, each.is_late) for each in found] == [
        ("daily", 1, False), ("late", 1, True), ("new", None, False), ("weekly", 7, False),
    ]  # fmt: skip
    assert [each.measure for each in late_sources(today=TODAY)] == ["late"]
    assert (found[1].first_day, found[1].last_day) == (day(12), day(3))
