from __future__ import annotations

import pytest
from django.utils import timezone

from accounts.models import Import
from surveys.domain.states import CampaignState, InvitationState
from tests.staffing import client_as
from tests.surveys.helpers.answered import answered
from tests.world import DAY, make_campaign, make_invitation, make_respondent

pytestmark = pytest.mark.django_db


def test_comments_of_the_week_are_those_that_count() -> None:
    answered(3, "call me")
    answered(3, "long ago", age=8 * DAY)
    answered(3, "", age=2 * DAY)
    answered(0, "robot", suspect=True)

    comments = client_as("cs").get("/").context["comments"]

    assert [each.comment for each in comments] == ["call me"]


def test_what_needs_attention_is_listed() -> None:
    make_campaign(state=CampaignState.PAUSED, state_reason="3 of 9 addresses do not exist.")
    failing = make_campaign()
    now = timezone.now()
    for state in (InvitationState.UNKNOWN, InvitationState.UNKNOWN, InvitationState.FAILED):
        make_invitation(make_respondent(), failing, state=state, settled_at=now)
    old = make_campaign()
    make_invitation(make_respondent(), old, state=InvitationState.FAILED, settled_at=now - 8 * DAY)
    Import.objects.create(kind="customers", state="refused", file_name="bad.csv")
    Import.objects.create(kind="customers", state="done", file_name="good.csv")

    answer = client_as("cs").get("/")

    html = answer.content.decode()
    assert "3 of 9 addresses do not exist." in html
    assert "for 2 e-mails it is unknown" in html
    assert f"{failing.name}: 1 e-mail could not be sent." in html
    assert [each.slug for each in answer.context["failing"]] == [failing.slug]
    assert "bad.csv" in html
    assert "good.csv" not in html


def test_nps_is_not_zero_where_nobody_answered() -> None:
    answer = client_as("viewer").get("/")

    assert answer.context["results"].nps is None
    assert "Nobody has answered in the last 30 days." in answer.content.decode()
