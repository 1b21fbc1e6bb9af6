from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from analytics.domain.periods import Period
from analytics.domain.statistics.nps.counts import Counts
from analytics.queries.filters import Filters
from analytics.reports.answers.intents import intent_report
from analytics.reports.answers.segments import segment_report
from surveys.models import Intent
from tests.analytics import world

pytestmark = pytest.mark.django_db

SECOND_QUARTER = Period.from_inclusive(dt.date(2026, 4, 1), dt.date(2026, 6, 30))
IN_PERIOD = dt.datetime(2026, 4, 12, 12, tzinfo=dt.UTC)


@pytest.fixture
def data() -> None:
    """Ten answers, and three scores shown: one counts, one is suspect, one was confirmed."""
    world.make_dimension("plan")
    campaign = world.make_campaign()
    gold = world.make_customer(plan="gold")
    world.give_scores(gold, campaign, *[10] * 6, *[0] * 4)
    for suspect in (False, True):
        invitation = world.ask(world.make_respondent(gold), campaign)
        Intent.objects.create(invitation=invitation, score=9, at=IN_PERIOD, suspect=suspect)
    confirmed = world.ask(world.make_respondent(gold), campaign)
    Intent.objects.create(invitation=confirmed, score=3, at=IN_PERIOD)
    world.answer(confirmed, 7)


def report(**where: list[str]):
    filters = Filters(SECOND_QUARTER, where=where)
    total = segment_report(filters).total
    return total, intent_report(filters, total=total)


def test_headline_counts_answers_and_the_second_figure_adds_unconfirmed_scores(data) -> None:
    total, with_intents = report()

    assert (total.responses, total.nps) == (11, pytest.approx(100 * 2 / 11))
    assert with_intents.intents == 1
    assert with_intents.counts == Counts(detractors=4, passives=1, promoters=7)
    assert with_intents.nps == pytest.approx(100 * 3 / 12)


def test_intents_are_filtered_like_answers(data) -> None:
    assert report(plan=["gold"])[1].intents == 1
    assert report(plan=["tin"])[1].intents == 0


def test_page_labels_the_second_figure(data, viewer: Client) -> None:
    html = viewer.get("/analytics/segments/?from=2026-04-01&to=2026-06-30").content.decode()

    assert "With intents:" in html
    assert "1 person chose a score on the page but did not send it." in html
