from __future__ import annotations

import pytest

from actions.queries.home.campaigns import drafts, paused, suspect, unsent
from actions.queries.home.found import Line, Scope
from surveys.domain.states import CampaignState, InvitationState
from surveys.models import Response
from tests.actions.following import answered
from tests.staffing import make_staff
from tests.world import DAY, HOUR, NOW, make_campaign, make_invitation, make_respondent

pytestmark = pytest.mark.django_db


def only(found: list[Line]) -> Line:
    [line] = found
    return line


def test_a_paused_campaign_is_new_once_it_went_on_and_paused_again() -> None:
    make_campaign()
    campaign = make_campaign(state=CampaignState.PAUSED, launched_at=NOW - DAY)
    scope = Scope(make_staff("cs"), NOW, is_mine=True)

    before = only(paused(scope).take(0, 5))
    campaign.resumed_at = NOW
    campaign.save()

    assert before.about == campaign
    assert only(paused(scope).take(0, 5)).level > before.level


def test_drafts_are_those_of_who_made_them() -> None:
    me = make_staff("cs")
    mine = make_campaign(state=CampaignState.DRAFT, created_by=me)
    make_campaign(state=CampaignState.DRAFT, created_by=make_staff("admin"))

    assert [line.about for line in drafts(Scope(me, NOW, is_mine=True)).take(0, 5)] == [mine]
    assert drafts(Scope(me, NOW, is_mine=False)).total == 2


def test_e_mails_that_failed_lately_with_how_many() -> None:
    campaign = make_campaign()
    for state, age in (("failed", 1), ("failed", 2), ("unknown", 1), ("failed", 8), ("sent", 1)):
        make_invitation(
            make_respondent(), campaign, state=InvitationState(state), settled_at=NOW - age * DAY
        )
    scope = Scope(make_staff("cs"), NOW, is_mine=True)

    line = only(unsent(scope).take(0, 5))
    assert (line.about.failed, line.about.unknown) == (2, 1)
    make_invitation(make_respondent(), campaign, state="failed", settled_at=NOW - HOUR)
    assert only(unsent(scope).take(0, 5)).level > line.level


def test_suspicious_answers_are_one_line_which_a_further_one_makes_worse() -> None:
    scope = Scope(make_staff("cs"), NOW, is_mine=True)
    assert suspect(scope).total == 0
    for age in (1, 30):
        Response.objects.filter(pk=answered(9, at=NOW - age * DAY).pk).update(suspect=True)

    line = only(suspect(scope).take(0, 5))
    assert line.about["number"] == 1
    assert suspect(scope).take(1, 5) == []
    Response.objects.filter(pk=answered(9).pk).update(suspect=True)
    again = only(suspect(scope).take(0, 5))
    assert (again.about["number"], again.level > line.level) == (2, True)
