from __future__ import annotations

import datetime as dt

import pytest

from analytics.domain.periods import Period
from analytics.queries.answers.invitations import chosen_invitations
from analytics.queries.filters import Filters
from tests.analytics import world

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

YEAR = Period(dt.date(2026, 1, 1), dt.date(2027, 1, 1))


def number(**filters: object) -> int:
    return chosen_invitations(Filters(YEAR, **filters)).count()


def test_every_filter_chooses_among_the_invitations() -> None:
    world.make_dimension("plan")
    spring, other = world.make_campaign(slug="spring"), world.make_campaign(slug="other")
    gold = world.make_customer(plan="gold", owner_email="Me@koe.example")
    world.ask(world.make_respondent(gold, language="ja"), spring)
    world.ask(world.make_respondent(world.make_customer()), spring)
    world.ask(world.make_respondent(world.make_customer(plan="tin")), other)
    nothing_frozen = world.ask(world.make_respondent(gold), other)
    nothing_frozen.profile = None
    nothing_frozen.save()
    gold.attributes = {"plan": "tin"}
    gold.save()

    assert number() == 4
    assert number(campaign="spring") == 2
    assert number(language="ja") == 1
    assert number(owner="me@koe.example") == 2
    assert number(where={"plan": ["gold"]}) == 1
    assert number(where={"plan": ["gold", "tin"]}) == 2
    assert number(where={"plan": [""]}) == 2
    assert number(where={"plan": ["gold"]}, campaign="other") == 0
