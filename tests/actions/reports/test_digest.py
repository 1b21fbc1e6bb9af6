from __future__ import annotations

import datetime as dt

import pytest
from django.core.cache import cache

from actions.models import FollowUp
from actions.reports.digest import digest_of, newest_words
from analytics.queries.filters import Compare, Filters
from analytics.reports.overview.figures import overview_report
from surveys.models import Response
from tests.actions.following import answered
from tests.actions.goals import make_goal
from tests.world import DAY, HOUR, NOW

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
FIRST, LAST = TODAY - dt.timedelta(days=7), TODAY - dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    cache.clear()


def test_its_figures_are_those_of_the_overview() -> None:
    for score in (10, 9, 2):
        answered(score, at=NOW - DAY)
    found = digest_of(FIRST, LAST, now=NOW, today=TODAY)

    asked = Filters(found.period, compare=Compare.PREVIOUS)
    assert found.total == overview_report(asked, today=TODAY).total
    assert (found.total.responses, round(found.total.nps or 0)) == (3, 33)


def test_follow_ups_and_goals_are_counted() -> None:
    for score in (1, 2, 3):
        answered(score, at=NOW - DAY)
    answered(2, at=NOW)
    first, second, third, _of_today = FollowUp.objects.order_by("pk")
    FollowUp.objects.filter(pk=first.pk).update(
        state="closed", closed_at=NOW - HOUR * 20, closed_as="done", root_cause="price"
    )
    FollowUp.objects.filter(pk=second.pk).update(
        state="closed", closed_at=NOW - HOUR * 20, closed_as="withdrawn"
    )
    FollowUp.objects.filter(pk=third.pk).update(due_at=NOW - HOUR)
    goal = make_goal()
    found = digest_of(FIRST, LAST, now=NOW, today=TODAY)

    known = found.follow_ups
    assert (known.opened, known.closed, known.open, known.overdue) == (2, 1, 2, 1)
    assert [each.name for each in found.goals] == [goal.name]


def test_the_newest_words_are_never_kept() -> None:
    for number in range(7):
        answered(9, at=NOW - DAY + number * HOUR, comment=f"Words {number}")
    assert [each.comment for each in newest_words(FIRST, LAST)][:2] == ["Words 6", "Words 5"]

    Response.objects.update(comment="")
    assert newest_words(FIRST, LAST) == []
