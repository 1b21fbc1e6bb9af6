from __future__ import annotations

import datetime as dt

import pytest

from surveys.domain.campaigns.occasions import Occasion
from surveys.domain.eligibility import Decision, Reason, RespondentFacts
from surveys.models import Invitation
from surveys.queries.campaigns.planning import Decided
from surveys.services.campaigns.insert import insert_queued
from tests.world import DAY, HOUR, NOW, make_campaign, make_invitation, make_respondent

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def decided(
    respondent,
    *,
    email: str = "a@b.example",
    by: dt.datetime | None = None,
    occasion: Occasion | None = None,
) -> Decided:
    facts = RespondentFacts(respondent.pk, respondent.person_id, "ja", occasion=occasion)
    return Decided(facts, Decision(Reason.ASKED, NOW), email, NOW, by)


def test_rows_are_those_that_the_model_would_make() -> None:
    campaign, respondent = make_campaign(), make_respondent()
    hostile = 'o\'neil+"q"\\%s@b.example'

    made = insert_queued(campaign, [decided(respondent, email=hostile, by=NOW + HOUR)], now=NOW)

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

    made = insert_queued(campaign, [decided(before), decided(new)], now=NOW)

    assert made.keys() == {new.person_id}
    existing.refresh_from_db()
    assert (existing.state, Invitation.objects.count()) == ("sent", 2)
    assert insert_queued(campaign, [decided(before), decided(new)], now=NOW) == {}


def test_a_batch_is_one_statement(django_assert_num_queries) -> None:
    campaign, people = make_campaign(), [make_respondent() for _ in range(20)]

    with django_assert_num_queries(1):
        made = insert_queued(campaign, [decided(each) for each in people], now=NOW)

    assert made.keys() == {each.person_id for each in people}
    assert len(set(Invitation.objects.values_list("public_id", flat=True))) == 20
    assert set(Invitation.objects.values_list("send_by", flat=True)) == {None}


def test_one_that_goes_on_asks_nobody_again_whom_it_asked_lately_for_whatever_occasion() -> None:
    campaign = make_campaign(repeat="every", every_months=6)
    lately, long_ago = make_respondent(), make_respondent()
    make_invitation(lately, campaign, send_at=NOW - 89 * DAY, occasion="2026-08-01")
    make_invitation(long_ago, campaign, send_at=NOW - 91 * DAY, occasion="2026-05-01")
    occasion = Occasion("2026-11-01", NOW, NOW + DAY)

    made = insert_queued(
        campaign, [decided(each, occasion=occasion) for each in (lately, long_ago)], now=NOW
    )

    assert made.keys() == {long_ago.person_id}
    row = Invitation.objects.get(pk=made[long_ago.person_id])
    assert (row.occasion, row.ask_by) == ("2026-11-01", NOW + DAY)
