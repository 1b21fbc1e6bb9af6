"""Languages apart from hand-made rows."""

from __future__ import annotations

import datetime as dt
import math

import pytest

from analytics.domain.periods import Period
from analytics.queries.filters import Filters
from analytics.reports.answers.languages import language_report
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
    # One customer, and few answers: nothing is said of the languages apart.
    assert report.apart == ()


def test_languages_are_held_against_each_other_by_the_answers_there_are() -> None:
    campaign = world.make_campaign()
    world.give_scores_apart(campaign, *[10] * 10, *[0] * 2, language="en")
    world.give_scores_apart(campaign, *[10] * 4, *[0] * 10, language="ja")

    [apart] = language_report(Filters(APRIL_TO_JUNE)).apart

    assert (apart.first.language, apart.second.language) == ("ja", "en")
    assert apart.change.difference == pytest.approx(-600 / 14 - 800 / 12)
    # Adjusted Wald (3,T) by hand, for every answer is another customer's.
    means = (-6 / 17, 8 / 15)
    variance = sum(
        ((n + 1.5) / (n + 3) - mean * mean) / (n + 3)
        for n, mean in zip((14, 12), means, strict=True)
    )
    z = (means[0] - means[1]) / math.sqrt(variance)
    assert apart.change.p_value == pytest.approx(math.erfc(abs(z) / math.sqrt(2)))
