from __future__ import annotations

import pytest

from accounts.models import Organisation
from surveys.models import Campaign
from surveys.services.campaigns.by_itself import hold_outgrown, pause_by_itself
from tests.staffing import make_staff
from tests.world import NOW, make_campaign, make_respondent

pytestmark = pytest.mark.django_db


def test_creator_of_what_outgrew_its_launch_hears_of_it_once_in_their_language(mailoutbox) -> None:
    Organisation.objects.create(pk=1, approval_above=1)
    creator = make_staff("cs")
    creator.language = "ja"
    creator.save()
    campaign = make_campaign(created_by=creator, approved_audience=None)
    for _ in range(2):
        make_respondent()

    assert hold_outgrown(campaign, now=NOW)
    assert hold_outgrown(Campaign.objects.get(), now=NOW)

    [mail] = mailoutbox
    assert mail.to == [creator.email]
    assert "対象者" in mail.body
    assert f"/campaigns/{campaign.slug}/" in mail.body
    assert Campaign.objects.get().state == "paused"


def test_what_still_fits_is_left_alone(mailoutbox) -> None:
    Organisation.objects.create(pk=1, approval_above=2)
    campaign = make_campaign(created_by=make_staff("cs"))
    make_respondent()

    assert not hold_outgrown(campaign, now=NOW)
    assert (Campaign.objects.get().state, mailoutbox) == ("running", [])


def test_a_mail_server_that_is_down_does_not_keep_it_from_pausing(monkeypatch) -> None:
    def down(*_: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", down)
    campaign = make_campaign(created_by=make_staff("cs"))

    assert pause_by_itself(campaign, now=NOW, reason="Enough.")
    assert Campaign.objects.get().state_reason == "Enough."
