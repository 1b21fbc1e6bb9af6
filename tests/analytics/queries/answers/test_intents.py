"""Scores that nobody confirmed, as they are filtered and counted."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from analytics.domain.periods import Period
from analytics.queries.answers.intents import intent_cells
from analytics.queries.filters import Filters, scope_of
from surveys.models import Campaign, Intent, Invitation
from tests.analytics import world

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
APRIL = Period(dt.date(2026, 4, 1), dt.date(2026, 5, 1))


def show(score: int, at: str = "2026-04-12T12:00+00:00", **fields: Any) -> Intent:
    """Somebody asked who chose a score; `customer`, `campaign`, `language`, `suspect`."""
    customer = fields.pop("customer", None)
    campaign = fields.pop("campaign", None) or Campaign.objects.first() or world.make_campaign()
    suspect = fields.pop("suspect", False)
    invitation = world.ask(world.make_respondent(customer, **fields), campaign)
    moment = dt.datetime.fromisoformat(at)
    return Intent.objects.create(invitation=invitation, score=score, at=moment, suspect=suspect)


def found(**filters: Any) -> dict[int, int]:
    cells = intent_cells(scope_of(Filters(APRIL, **filters)))
    return dict(cells.groupby("score")["count"].sum())


def test_the_period_is_half_open_and_suspects_stay_out() -> None:
    show(1, at="2026-03-31T23:59:59+00:00")
    show(2, at="2026-04-01T00:00+00:00")
    show(3, at="2026-05-01T00:00+00:00")
    show(4, suspect=True)

    assert found() == {2: 1}


def test_an_answer_confirms_unless_it_is_a_scanner_s() -> None:
    world.answer(show(1).invitation, 1)
    world.answer(show(2).invitation, 2, suspect=True)

    assert found() == {2: 1}


def test_campaign_and_language_narrow() -> None:
    other = world.make_campaign(slug="other")
    show(1, campaign=world.make_campaign(slug="spring"))
    show(2, campaign=other)
    show(2, campaign=other, language="ja")

    assert found() == {1: 1, 2: 2}
    assert found(campaign="other") == {2: 2}
    assert found(campaign="other", language="ja") == {2: 1}


def test_a_segment_is_that_of_the_mail_or_that_of_now() -> None:
    world.make_dimension("plan")
    gold, tin = world.make_customer(plan="gold"), world.make_customer(plan="tin")
    show(1, customer=gold)
    show(2, customer=tin)
    show(3)
    gold.attributes = {"plan": "tin"}
    gold.save()

    today = dt.date(2026, 6, 1)
    assert found(where={"plan": ["gold"]}) == {1: 1}
    assert found(where={"plan": ["gold"]}, as_of=today) == {}
    assert found(where={"plan": ["tin", ""]}, as_of=today) == {1: 1, 2: 1, 3: 1}


def test_a_mail_that_nothing_was_frozen_on_is_of_no_segment() -> None:
    world.make_dimension("plan")
    show(1, customer=world.make_customer(plan="gold"))
    bare = show(2, customer=world.make_customer(plan="gold")).invitation
    Invitation.objects.filter(pk=bare.pk).update(profile=None)

    assert found(where={"plan": ["gold"]}) == {1: 1}
    assert found(where={"plan": [""]}) == {2: 1}


def test_nothing_found_is_a_frame_of_numbers_all_the_same() -> None:
    cells = intent_cells(scope_of(Filters(APRIL)))

    assert (list(cells.columns), len(cells)) == (["score", "count"], 0)
    assert {str(each) for each in cells.dtypes} == {"int64"}
