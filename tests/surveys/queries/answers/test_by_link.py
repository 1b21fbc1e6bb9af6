from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db.models import Model

from surveys.models import Campaign, Intent, Invitation, Response
from surveys.queries.answers.by_link import BESIDE, READ, find_invitation, is_open, names_of
from tests.surveys.helpers.invited import SENT, invite

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
LATER = SENT + dt.timedelta(hours=3)


def answer(invitation: Invitation, **fields) -> Response:
    at = {"answered_at": LATER, "changed_at": LATER}
    return Response.objects.create(invitation=invitation, score=9, **at, **fields)


def test_one_statement_reads_what_django_would(django_assert_num_queries) -> None:
    invitation = invite(questions=[{"key": "q"}], wording={"ja": {"intro": "声"}})
    invite()
    answer(invitation, comment="声", extra={"q": [1]}, signals={"gesture": "touchend"})

    with django_assert_num_queries(1):
        found = find_invitation(invitation.public_id)
        read = {Invitation: found, Campaign: found.campaign, Response: found.response}
        values = {
            model: {name: getattr(read[model], name) for name in names}
            for model, (_, names) in READ.items()
        }

    stored: dict[type[Model], Model] = {
        Invitation: Invitation.objects.get(pk=invitation.pk),
        Campaign: invitation.campaign,
        Response: Response.objects.get(),
    }
    for model, row in stored.items():
        row.refresh_from_db()
        assert values[model] == {name: getattr(row, name) for name in READ[model][1]}
    assert found.sent_at.tzinfo is not None


@pytest.mark.parametrize("public_id", ["", None, "z" * 22, "the id that is asked for", "%s"])
def test_no_other_id_finds_anything(public_id: str | None) -> None:
    invite()

    assert find_invitation(public_id) is None


def test_a_response_that_is_not_there_is_not_looked_for_again(django_assert_num_queries) -> None:
    invitation = invite()

    with django_assert_num_queries(1):
        found = find_invitation(invitation.public_id)
        assert not hasattr(found, "response")


def test_only_a_post_asks_for_the_owner_and_the_intent() -> None:
    invitation = invite()
    Intent.objects.create(invitation=invitation, score=3, at=LATER, signals={"gesture": "keydown"})
    invitation.person.erased_at = LATER
    invitation.person.save()

    posted: Any = find_invitation(invitation.public_id)
    shown: Any = find_invitation(invitation.public_id, for_post=False)

    assert posted.intent_signals == {"gesture": "keydown"}
    assert [hasattr(shown, name) for name in BESIDE] == [False]
    assert posted.erased_at == shown.erased_at == LATER


def test_names_are_empty_where_there_is_no_customer() -> None:
    invitation = invite(name="Aya")
    assert names_of(invitation) == ("Aya", str(invitation.respondent.customer))

    invitation.respondent.customer = None
    invitation.respondent.save()
    assert names_of(invitation) == ("Aya", "")


def test_an_answer_set_aside_does_not_close_the_survey_to_the_person() -> None:
    invitation = invite()
    response = answer(invitation, suspect=True)
    day = dt.timedelta(days=1)

    assert is_open(find_invitation(invitation.public_id), now=LATER + 8 * day)
    response.suspect = False
    response.save()
    assert not is_open(find_invitation(invitation.public_id), now=LATER + 8 * day)


def test_a_mail_that_is_being_sent_counts_from_its_claim() -> None:
    invitation = invite(state="sending")
    Invitation.objects.update(sent_at=None)

    assert is_open(find_invitation(invitation.public_id), now=LATER)
    Invitation.objects.update(claimed_at=None)
    assert not is_open(find_invitation(invitation.public_id), now=LATER)
