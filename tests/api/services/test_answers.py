from __future__ import annotations

from dataclasses import replace

import pytest

from accounts.models import Person
from api.domain.values import Invalid
from api.models import Ask, Member, Project
from api.services.answers import Answered, Correction, add_answer, change_answer
from api.services.members import Given, save_member
from surveys.models import Response, ResponseChange
from tests.world import DAY, NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def member() -> Member:
    project = Project.objects.create(name="web")
    return save_member(project, Given(phone_number="+15551234567"), now=NOW)


def answered(score: int = 9) -> Answered:
    return Answered(score, "Good", {"plan": "pro", "locale": "ja"}, NOW - DAY)


def test_an_answer_of_a_phone_number_counts_with_its_properties(member) -> None:
    ask = add_answer(member, replace(answered(), kept_id=7), now=NOW)

    response = Response.objects.get()
    assert ask.invitation.attributes["plan"] == "pro"
    assert "locale" not in ask.invitation.attributes
    assert (response.answered_at, response.invitation.email) == (NOW - DAY, "")
    assert (ask.shown_id, ask.invitation.campaign.name) == ("7", "web")


def test_nothing_is_written_of_somebody_who_was_erased(member) -> None:
    Person.objects.update(erased_at=NOW)

    with pytest.raises(Invalid):
        add_answer(member, answered(), now=NOW)
    assert not Response.objects.exists()


def test_what_is_not_given_stays_and_leaves_no_line_in_the_ledger(member) -> None:
    ask = add_answer(member, answered(3), now=NOW)
    # By somebody else, since it was read.
    Response.objects.update(score=9)
    Ask.objects.update(properties={})

    change_answer(ask, Correction(tags="new"), now=NOW + DAY)
    response = Response.objects.get()
    assert (response.score, response.comment, response.tags) == (9, "Good", "new")
    assert response.changed_at == NOW + DAY
    assert Ask.objects.get().properties == {}
    assert ResponseChange.objects.count() == 1
    change_answer(ask, Correction(score=0, comment=""), now=NOW)
    assert (Response.objects.get().score, Response.objects.get().comment) == (0, "")
    assert ResponseChange.objects.count() == 2
