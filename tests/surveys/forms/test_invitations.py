from __future__ import annotations

import datetime as dt

import pytest
from django.http import QueryDict

from surveys.forms.invitations import InvitationFilterForm
from surveys.queries.invitations import InvitationFilter
from tests.analytics import world
from tests.staffing import client_as

pytestmark = pytest.mark.django_db


def test_the_form_asks_for_what_its_address_says() -> None:
    world.make_campaign(slug="spring")
    query = QueryDict("campaign=spring&answered=no&from_=2026-04-01&mine=1")

    wanted = InvitationFilterForm(query).wanted(reader="me@koe.example")

    assert wanted == InvitationFilter(
        from_=dt.date(2026, 4, 1), campaign="spring", answered="no", owner="me@koe.example"
    )


def test_the_page_lists_who_was_asked_with_their_answer() -> None:
    campaign = world.make_campaign(slug="spring", name="Spring")
    world.answer(world.ask(world.make_respondent(name="Aya"), campaign), 9)
    world.ask(world.make_respondent(name="Ben"), campaign)

    page = client_as("cs").get("/invitations/?answered=yes").content.decode()

    assert ("Aya" in page, "Ben" in page) == (True, False)
