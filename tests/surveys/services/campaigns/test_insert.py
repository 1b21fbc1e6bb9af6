from __future__ import annotations

import datetime as dt

import pytest

from surveys.domain.eligibility import Decision, Reason, RespondentFacts
from surveys.models import Invitation
from surveys.queries.campaigns.planning import Decided
from surveys.services.campaigns.insert import insert_queued
from tests.world import HOUR, NOW, make_campaign, make_invitation, make_respondent

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def decided(respondent, *, email: str = "a@b.example", by: dt.datetime | None = None) -> Decided:
    facts = RespondentFacts(respondent.pk, respondent.person_id, "ja")
    return Decided(facts, Decision(Reason.ASKED, NOW), email, NOW, by)


def test_rows_are_those_that_the_model_would_make() -> None:
    campaign, respondent = make_campaign(), make_respondent()
    hostile = 'o\'neil+"q"\\%s@b.example'

    made = insert_queued(campaign, [decided(respondent, email=hostile, by=NOW + HOUR)])

    row = Invitation.objects.get()
    assert made == {respondent.person_id: row.pk}
    ours = {
        "id", "public_id", "campaign", "respondent", "person", "created_at", "send_at", "send_by",
        "email", "language",
    }  # fmt: skip
    for field in Invitation._meta.concrete_fields:
        if field.name not in ours:
            assert getattr(row, field.attname) == field.get_default() or field.auto_created
    assert (row.campaign, row.respondent, row.person) == (campaign, respondent, respondent.person)
    assert (row.send_at, row.send_by, row.email, row.language) == (NOW, NOW + HOUR, hostile, "ja")
    assert (row.state, row.attributes, len(row.public_id)) == ("queued", {}, 22)


def test_whom_another_planner_invited_meanwhile_is_left_out() -> None:
    campaign, before, new = make_campaign(), make_respondent(), make_respondent()
    existing = make_invitation(before, campaign, state="sent")

    made = insert_queued(campaign, [decided(before), decided(new)])

    assert made.keys() == {new.person_id}
    existing.refresh_from_db()
    assert (existing.state, Invitation.objects.count()) == ("sent", 2)
    assert insert_queued(campaign, [decided(before), decided(new)]) == {}


def test_a_batch_is_one_statement(django_assert_num_queries) -> None:
    campaign, people = make_campaign(), [make_respondent() for _ in range(20)]

    with django_assert_num_queries(1):
        made = insert_queued(campaign, [decided(each) for each in people])

    assert made.keys() == {each.person_id for each in people}
    assert len(set(Invitation.objects.values_list("public_id", flat=True))) == 20
    assert set(Invitation.objects.values_list("send_by", flat=True)) == {None}
