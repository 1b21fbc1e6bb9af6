from __future__ import annotations

import datetime as dt

import pytest

from accounts.models import Import
from analytics.domain.periods import Period
from analytics.queries.filters import Filters
from analytics.views.cached import cached_report
from tests.world import NOW

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 6, 20)
FILTERS = Filters(Period(dt.date(2026, 4, 1), dt.date(2026, 7, 1)))


def test_it_is_computed_once_for_the_same_question_until_something_is_imported() -> None:
    computed = []

    def ask(*, filters: Filters = FILTERS, also: object = None) -> None:
        cached_report(
            "test", filters, lambda: computed.append(1), today=TODAY, layout=(Filters,), also=also
        )

    ask()
    ask()
    assert len(computed) == 1

    ask(also={"nps": 20})
    ask(filters=Filters(FILTERS.period, owner="a@koe.example"))
    assert len(computed) == 3

    Import.objects.create(kind="events", state="done", file_name="e.csv", finished_at=NOW)
    ask()
    assert len(computed) == 4
