from __future__ import annotations

import datetime as dt

import pytest

from analytics.counting import folding
from analytics.counting.checks import check_cells
from analytics.domain.periods import Period
from analytics.queries.columns import (
    Moment,
    columns_with_keys,
    packed_groups,
    seconds_of_moments,
)
from analytics.queries.filters import Filters
from analytics.reports.segments import segment_report
from surveys.models import Response
from tests.analytics import world

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

# Nearer to the next day than to their own millisecond.
LAST_ANSWER = dt.datetime(2026, 4, 30, 23, 59, 59, 999_600, tzinfo=dt.UTC)
APRIL = Period(dt.date(2026, 4, 1), dt.date(2026, 5, 1))


def answer_at_the_end_of_the_month() -> None:
    campaign = world.make_campaign()
    invitation = world.ask(
        world.make_respondent(world.make_customer()), campaign, sent=LAST_ANSWER.isoformat()
    )
    world.answer(invitation, 9, at=LAST_ANSWER.isoformat())


def test_the_last_half_millisecond_of_a_day_is_of_that_day() -> None:
    answer_at_the_end_of_the_month()
    rows = packed_groups(Response.objects.all(), by=[], columns=[Moment("answered_at")])
    (moments,), _ = columns_with_keys(rows, width=1)
    assert seconds_of_moments(moments).tolist() == [int(LAST_ANSWER.timestamp())]


def test_an_answer_of_the_last_half_millisecond_is_counted_where_it_was_asked() -> None:
    answer_at_the_end_of_the_month()
    folding.fold_all()
    folding.close_invitations(now=LAST_ANSWER + dt.timedelta(days=60))

    total = segment_report(Filters(APRIL)).total
    assert (total.invited, total.responses, total.response_rate) == (1, 1, 1.0)
    assert check_cells().wrong == ()
