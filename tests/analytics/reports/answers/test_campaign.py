from __future__ import annotations

import datetime as dt

import pytest

from analytics.domain.periods import ONE_DAY
from analytics.reports.answers.campaign import MOST_BARS, campaign_report, course_of
from tests.analytics import world

MAY = dt.date(2026, 5, 1)


def test_a_bar_is_a_day_with_those_without_answers_between() -> None:
    assert course_of({}) == (1, ())
    found = course_of({MAY: 3, MAY + 2 * ONE_DAY: 1})
    assert found == (1, ((MAY, 3), (MAY + ONE_DAY, 0), (MAY + 2 * ONE_DAY, 1)))


@pytest.mark.parametrize(
    ("days", "days_a_bar", "number"), [(60, 1, 60), (61, 2, 31), (180, 3, 60), (181, 4, 46)]
)
def test_of_a_long_campaign_a_bar_is_several_days_and_no_answer_is_lost(
    days: int, days_a_bar: int, number: int
) -> None:
    by_day = {MAY + place * ONE_DAY: place + 1 for place in range(days)}

    found, bars = course_of(by_day)

    assert (found, len(bars)) == (days_a_bar, number)
    assert number <= MOST_BARS
    assert sum(count for _, count in bars) == sum(by_day.values())


@pytest.mark.django_db
def test_answers_of_others_and_those_set_aside_are_no_part_of_it() -> None:
    launched = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)
    campaign = world.make_campaign(state="running", launched_at=launched)
    other = world.make_campaign(state="running", launched_at=launched)
    customer = world.make_customer(mrr={"2026-04": 300})
    silent = world.make_customer(mrr={"2026-04": 700})
    world.give_scores(customer, campaign, 9, 3)
    world.give_scores(silent, other, 10)
    asked = world.ask(world.make_respondent(silent), campaign)
    world.answer(asked, 0, suspect=True)

    report = campaign_report(campaign, today=dt.date(2026, 5, 1))

    assert (report.asked.invited, report.answers.counts.responses, report.nps) == (3, 2, 0)
    heard = report.heard
    assert (heard.asked, heard.answered) == (2, 1)
    assert (heard.mrr_asked, heard.mrr_answered) == (1000, 300)
    assert [number for _, number in report.course] == [2]
