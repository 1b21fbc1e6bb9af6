from __future__ import annotations

import pytest

from analytics.counting.cells.folding import rebuild
from surveys.domain.states import InvitationState
from surveys.models import Intent, Invitation, Response
from surveys.queries.answers.by_campaign import with_counts
from surveys.queries.campaigns.funnel import funnel
from tests.world import (
    NOW,
    make_campaign,
    make_invitation,
    make_respondent,
)

pytestmark = pytest.mark.django_db


def test_funnel_balances_and_each_number_opens_its_list(staff) -> None:
    campaign = make_campaign()
    respondents = [make_respondent(name=f"Person {state}") for state in InvitationState]
    for respondent, state in zip(respondents, InvitationState, strict=True):
        make_invitation(respondent, campaign, state=state)

    counted = funnel(campaign)
    page = staff("cs").get(f"/campaigns/{campaign.slug}/invitations/?step=unknown")

    assert counted.balances
    assert counted.counts["planned"] == len(InvitationState)
    assert "Person unknown" in page.content.decode()
    assert "Person sent" not in page.content.decode()


def test_every_number_of_the_funnel_opens_a_list_of_as_many(staff) -> None:
    campaign = make_campaign()
    for state in [*InvitationState, InvitationState.SENT]:
        make_invitation(make_respondent(), campaign, state=state)
    bounced, answered, hesitant = campaign.invitations.order_by("pk")[:3]
    Invitation.objects.filter(pk=bounced.pk).update(delivery_status="bounced", reminded_at=NOW)
    Response.objects.create(invitation=answered, score=9, answered_at=NOW, changed_at=NOW)
    Intent.objects.create(invitation=hesitant, score=3, at=NOW)

    rebuild()

    page = staff("cs")
    shown = page.get(f"/campaigns/{campaign.slug}/").content.decode()

    for step, number in funnel(campaign).counts.items():
        address = f"/campaigns/{campaign.slug}/invitations/?step={step}"
        if number:
            assert address in shown
        assert page.get(address).context["page"].paginator.count == number


def test_only_answers_and_scores_that_count_are_in_the_funnel() -> None:
    campaign = make_campaign()
    rows = [make_invitation(make_respondent(), campaign, state="sent") for _ in range(4)]
    for row, suspect in zip(rows, (False, True), strict=False):
        Response.objects.create(
            invitation=row, score=9, answered_at=NOW, changed_at=NOW, suspect=suspect
        )
    Intent.objects.create(invitation=rows[0], score=9, at=NOW)
    Intent.objects.create(invitation=rows[2], score=3, at=NOW)

    rebuild()

    found = funnel(campaign)

    assert (found.counts["answered"], found.counts["intent"], found.asked) == (1, 1, 4)
    assert found.response_rate == 0.25


def test_of_an_imported_campaign_no_rate_is_known(staff) -> None:
    ours, imported = make_campaign(), make_campaign(state="imported")
    for campaign in (ours, imported):
        asked = [make_invitation(make_respondent(), campaign, state="sent") for _ in range(2)]
        Response.objects.create(invitation=asked[0], score=9, answered_at=NOW, changed_at=NOW)

    rebuild()

    assert (funnel(ours).response_rate, funnel(imported).response_rate) == (0.5, None)
    page = staff("cs").get(f"/campaigns/{imported.slug}/").content.decode()
    assert "1 answer was imported." in page
    assert "people asked have answered" not in page
    rates = {each.pk: getattr(each, "response_rate", "") for each in with_counts([ours, imported])}
    assert (rates[ours.pk], rates[imported.pk]) == (0.5, None)
