from __future__ import annotations

import pytest

from analytics.queries.filters import Filters
from analytics.reports.metrics.late_onboarding import late_of
from tests.analytics.counting.test_onboarding import QUARTER, TODAY, onboarded
from tests.analytics.metrics import told

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_whose_onboarding_is_late_as_a_table() -> None:
    told("events:onboarding_completed")
    onboarded("before", "2025-06-01", 10)
    onboarded("late", "2026-04-01", 21)

    found = late_of(Filters(QUARTER), today=TODAY)

    assert found is not None
    [table] = found.tables()
    assert table.rows == [["late", "", "2026-04-01", 21.0, True]]
    # Of the year before that one nobody knows.
    assert late_of(Filters(QUARTER.year_earlier()), today=TODAY) is None
