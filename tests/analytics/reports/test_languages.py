"""Languages apart from hand-made rows."""

from __future__ import annotations

import datetime as dt

import pytest

from analytics.domain.periods import Period
from analytics.queries.filters import Filters
from analytics.reports.languages import language_report
from tests.analytics import world

pytestmark = pytest.mark.django_db

APRIL_TO_JUNE = Period.from_inclusive(dt.date(2026, 4, 1), dt.date(2026, 6, 30))
TODAY = dt.date(2026, 12, 31)


def test_languages_are_weighted_by_who_was_asked() -> None:
    campaign = world.make_campaign()
    customer = world.make_customer()
    world.give_scores(customer, campaign, 10, language="en")
    world.give_scores(customer, campaign, 0, 10, 8, language="ja")
    for _ in range(4):
        world.ask(world.make_respondent(customer, language="ja"), campaign)

    report = language_report(Filters(APRIL_TO_JUNE))

    assert {row.language: (row.nps, row.share_asked) for row in report.rows} == {
        "ja": (0.0, 7 / 8),
        "en": (100.0, 1 / 8),
    }
    assert report.adjusted_nps == 12.5
