from __future__ import annotations

import datetime as dt

import pytest

from analytics.domain.periods import Period
from analytics.queries.database.snapshot import one_snapshot
from analytics.queries.filters import Filters, scope_of
from analytics.reports.metrics.reads import Read
from tests.analytics.reports.metrics.test_money import paying
from tests.analytics.world import make_dimension

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 7, 1)


@one_snapshot()
def paying_in(key: tuple[str, ...], **where: list[str]) -> int | None:
    filters = Filters(Period(dt.date(2026, 4, 1), TODAY), by=("plan",), where=where)
    found = Read(scope_of(filters), filters.period, needed=set(), today=TODAY).worth(key)
    return None if found is None else len(found.places)


def test_worth_is_that_of_a_segment_of_all_or_of_nobody() -> None:
    make_dimension("plan")
    make_dimension("role", source="respondent")
    for plan in ("a", "a", "b"):
        paying(plan=plan)

    assert (paying_in(()), paying_in(("a",)), paying_in(("c",))) == (3, 2, None)
    assert paying_in((), role=["user"]) is None
