from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.domain.contactability import SuppressionReason
from accounts.models import Respondent, Suppression
from accounts.services.suppression import suppress
from surveys.domain.states import CampaignState
from surveys.models import Campaign
from tests.staffing import client_as
from tests.world import (
    DAY,
    make_campaign,
    make_customer,
    make_invitation,
    make_respondent,
)

pytestmark = pytest.mark.django_db


def page_of(respondent, query: str = "", *, client: Client | None = None):
    return (client or client_as("cs")).get(f"/respondents/{respondent.pk}/{query}")


def ended_campaign(at: dt.datetime, **fields: Any) -> Campaign:
    return make_campaign(state=CampaignState.FINISHED, finished_at=at, **fields)


def sent_to(respondent: Respondent, *, at: dt.datetime) -> None:
    make_invitation(respondent, make_campaign(), state="sent", sent_at=at)


def test_an_ended_campaign_says_why_somebody_was_not_asked() -> None:
    """By what held at its end and not by what holds today."""
    end = timezone.now() - 200 * DAY
    respondent = make_respondent(customer=make_customer(churned_on=(end + 9 * DAY).date()))
    Respondent.objects.update(created_at=end - 900 * DAY)
    campaigns = {
        "Nothing known today speaks against it": ended_campaign(end - 600 * DAY),
        "Already asked twice within a year": ended_campaign(end),
        "Stopped by staff": ended_campaign(end - 500 * DAY),
        "Asked recently by another campaign": ended_campaign(end - 300 * DAY, minimum_gap_days=30),
        "Customer left or has not started": ended_campaign(end + 10 * DAY),
        "Not yet known to us when it ended": ended_campaign(end - 901 * DAY),
    }
    for days in (310, 30):
        sent_to(respondent, at=end - days * DAY)
    suppress(respondent.person, SuppressionReason.MANUAL, now=end - 510 * DAY)
    Suppression.objects.update(lifted_at=end - 490 * DAY)

    client = client_as("cs")
    for label, campaign in campaigns.items():
        page = page_of(respondent, f"?campaign={campaign.slug}", client=client)
        told = {each["campaign"]: str(each.get("label")) for each in page.context["decisions"]}
        assert told[campaign] == label
        assert "at its end, as far as is known today" in page.content.decode()


def test_an_ended_campaign_that_asked_shows_what_became_of_it() -> None:
    respondent = make_respondent()
    ended = ended_campaign(timezone.now())
    invitation = make_invitation(respondent, ended, state="sent", sent_at=timezone.now())

    [entry] = page_of(respondent, f"?campaign={ended.slug}").context["decisions"]

    assert entry == {"campaign": ended, "invitation": invitation}
