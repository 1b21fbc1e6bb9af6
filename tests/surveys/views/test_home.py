from __future__ import annotations

import pytest
from django.utils import timezone

from accounts.models import Import
from surveys.domain.states import CampaignState, InvitationState
from tests.staffing import client_as
from tests.surveys.helpers.answered import answered
from tests.world import DAY, make_campaign, make_invitation, make_respondent

pytestmark = pytest.mark.django_db


def test_a_fresh_system_shows_the_first_steps() -> None:
    html = client_as("cs").get("/").content.decode()

    assert "Your first survey" in html
    assert 'href="/imports/new/"' in html
    assert 'href="/campaigns/new/"' in html


def test_the_first_steps_go_once_a_campaign_is_launched() -> None:
    make_campaign()

    assert "Your first survey" not in client_as("cs").get("/").content.decode()


def test_a_running_campaign_shows_asked_and_answered() -> None:
    campaign = make_campaign()
    answered(9, "", campaign=campaign)
    make_invitation(make_respondent(), campaign, state=InvitationState.SENT)
    make_invitation(make_respondent(), campaign)

    html = client_as("cs").get("/").content.decode()

    assert campaign.name in html
    assert "1 of 2" in html


def test_answers_set_aside_lately_need_attention_and_their_link_shows_as_many() -> None:
    answered(0, "robot", suspect=True)
    answered(1, "robot, too", suspect=True)
    answered(2, "long ago", suspect=True, age=30 * DAY)
    client = client_as("cs")

    html = client.get("/").content.decode()

    assert "2 answers of the last 7 days are flagged as suspicious and not counted." in html
    day = timezone.localdate(timezone.now() - 7 * DAY).isoformat()
    address = f"/responses/?suspect=on&from_={day}"
    assert address.replace("&", "&amp;") in html
    assert client.get(address).context["page"].paginator.count == 2


def test_a_viewer_sees_results_only() -> None:
    make_campaign(state=CampaignState.PAUSED, state_reason="bounces")
    answered(10, "great")
    answered(2, "bad")
    answered(9, "")

    answer = client_as("viewer").get("/")

    html = answer.content.decode()
    assert answer.context["results"].nps == pytest.approx(100 / 3)
    assert [each.comment for each in answer.context["comments"]] == ["bad", "great"]
    assert "Needs attention" not in html
    assert "/campaigns/" not in html


@pytest.mark.parametrize("rows", [1, 3])
def test_home_costs_the_same_for_one_and_for_many(rows: int, django_assert_num_queries) -> None:
    for number in range(rows):
        make_campaign(state=CampaignState.PAUSED, state_reason="bounces")
        campaign = make_campaign()
        answered(2, "bad", campaign=campaign)
        make_invitation(
            make_respondent(),
            campaign,
            state=InvitationState.FAILED,
            settled_at=timezone.now(),
        )
        Import.objects.create(kind="customers", state="refused", file_name=f"{number}.csv")
    client = client_as("admin")

    with django_assert_num_queries(19):
        client.get("/")


def test_a_cs_member_begins_with_their_own_accounts() -> None:
    mine = answered(2, "mine").invitation.respondent.customer
    answered(3, "theirs")
    mine.owner_email = "CS@koe.example"
    mine.save()
    client = client_as("cs")

    def comments(query: str = "") -> list[str]:
        return [each.comment for each in client.get(f"/{query}").context["comments"]]

    assert comments() == comments("?mine=1") == ["mine"]
    assert comments("?mine=") == ["theirs", "mine"]
    assert client.get("/").context["results"].responses == 1
    assert 'href="/responses/?mine=1"' in client.get("/").content.decode()
    # An admin looks after all of them; so does who has none.
    for other in (client_as("admin"), client_as("cs", email="new@koe.example")):
        assert len(other.get("/").context["comments"]) == 2
    html = other.get("/?mine=1").content.decode()
    assert "No customer has new@koe.example as its owner’s e-mail." in html
