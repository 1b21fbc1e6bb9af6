from __future__ import annotations

import datetime as dt

import pytest

from surveys.queries.invitations import InvitationFilter, asked, page_rows
from tests.analytics import world

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_those_that_went_out_are_found_by_every_filter() -> None:
    spring, other = world.make_campaign(slug="spring"), world.make_campaign(slug="other")
    mine = world.make_customer(owner_email="Me@koe.example")
    first = world.ask(world.make_respondent(mine, language="ja"), spring)
    late = world.ask(world.make_respondent(), other, sent="2026-05-01T12:00+00:00", state="unknown")
    world.ask(world.make_respondent(), spring, sent=None, state="queued")
    world.ask(world.make_respondent(), spring, state="failed")
    world.answer(first, 9)
    world.answer(late, 9, suspect=True)

    def number(**wanted: object) -> int:
        return asked(InvitationFilter(**wanted)).count()

    assert number() == 2
    assert number(campaign="spring") == number(language="ja") == number(owner="me@koe.example") == 1
    assert number(from_=dt.date(2026, 5, 1)) == number(to=dt.date(2026, 4, 30)) == 1
    assert (number(answered="yes"), number(answered="no")) == (1, 1)
    ids = list(asked(InvitationFilter()).values_list("pk", flat=True))
    assert ids == [late.pk, first.pk]
    assert page_rows(ids) == [late, first]
