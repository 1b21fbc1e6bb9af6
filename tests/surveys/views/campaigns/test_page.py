from __future__ import annotations

import pytest
from django.utils import timezone

from accounts.domain.contactability import SuppressionReason
from accounts.services.suppression import suppress
from surveys.domain.eligibility import Reason
from surveys.domain.states import CampaignState
from surveys.models import Campaign
from surveys.services.campaigns import plan
from tests.world import DAY, NOW, make_campaign, make_invitation, make_respondent, send

pytestmark = pytest.mark.django_db


def test_detail_says_who_will_be_asked_and_why_others_not(staff) -> None:
    make_respondent()
    make_respondent(language="ja")
    campaign = make_campaign(state=CampaignState.DRAFT, languages=["en"])

    html = staff("cs").get(f"/campaigns/{campaign.slug}/").content.decode()

    assert "<b>1</b> of 2 in the audience will be asked." in html
    assert "Different language" in html


def test_every_number_of_who_is_not_asked_opens_a_list_of_as_many(staff) -> None:
    campaign = make_campaign()
    capped = make_respondent(name="Already asked twice")
    for _ in range(2):
        send(capped, now=timezone.now())
    opted_out = make_respondent(name="Opted out")
    suppress(opted_out.person, SuppressionReason.OPTED_OUT, now=NOW)
    make_respondent(name="Asked next")

    page = staff("cs")
    prospects = f"/campaigns/{campaign.slug}/prospects/"
    detail = page.get(f"/campaigns/{campaign.slug}/who/")
    names = {
        reason: [str(row) for row, *_ in page.get(f"{prospects}?reason={reason}").context["rows"]]
        for reason in Reason
    }

    assert {reason: len(found) for reason, found in names.items() if found} == {
        **detail.context["preview"].reasons,
        "asked": detail.context["preview"].asked,
    }
    assert names[Reason.CAPPED] == ["Already asked twice"]
    assert names[Reason.OPTED_OUT] == ["Opted out"]
    assert names[Reason.ASKED] == ["Asked next"]
    assert f'href="{prospects}?reason=capped"' in detail.content.decode()
    stopped = page.get(f"{prospects}?reason=opted_out").content.decode()
    assert "By whom, and when" in stopped
    assert "2026-11-24" in stopped
    assert page.get(f"{prospects}?reason=nonsense").status_code == 404
    Campaign.objects.filter(pk=campaign.pk).update(state="finished")
    assert page.get(prospects).status_code == 404
    assert page.get(f"/campaigns/{campaign.slug}/who/").status_code == 404


def test_who_is_asked_is_looked_up_when_that_is_opened_and_not_with_every_view(
    staff, monkeypatch
) -> None:
    campaign, client = make_campaign(), staff("cs")
    make_respondent()
    looks: list[Campaign] = []
    monkeypatch.setattr(plan, "preview", lambda campaign, **_: looks.append(campaign))

    page = client.get(f"/campaigns/{campaign.slug}/").content.decode()

    assert not looks
    assert f'hx-get="/campaigns/{campaign.slug}/who/" hx-trigger="toggle once"' in page


def test_the_page_says_when_the_next_mail_leaves_and_what_became_of_all_that_were_planned(
    staff,
) -> None:
    campaign = make_campaign()
    make_invitation(make_respondent(), campaign, state="sent", send_at=NOW - DAY)
    make_invitation(make_respondent(), campaign, send_at=NOW + DAY)
    make_invitation(make_respondent(), campaign, state="failed", send_at=NOW)

    html = staff("cs").get(f"/campaigns/{campaign.slug}/").content.decode()

    assert "The next e-mail leaves on 2026-11-25 09:00 (UTC)." in html
    assert "3</a> = Queued 1 + Sent 1 + Failed 1" in html
    question = f"Cancel “{campaign.name}”? 1 e-mail that has not been sent yet will never be sent."
    assert question in html


def test_progress_is_refreshed_as_a_part_of_the_page(staff) -> None:
    campaign = make_campaign()

    part = staff("cs").get(f"/campaigns/{campaign.slug}/", headers={"HX-Request": "true"})

    assert part.content.decode().strip().startswith('<div id="progress"')


def test_a_launch_that_mails_nobody_is_warned_of_with_the_reasons(staff) -> None:
    campaign = make_campaign(state=CampaignState.DRAFT, languages=["ja"])
    address = f"/campaigns/{campaign.slug}/"
    client = staff("cs")
    no_respondent = client.get(address).content.decode()
    make_respondent(language="en")

    nobody = client.get(address).content.decode()
    make_respondent(language="ja")
    somebody = client.get(address).content.decode()
    Campaign.objects.update(audience={"contract": ["none has this"]})
    nobody_fits = client.get(address).content.decode()

    assert "Launching now would send no e-mails: nobody is in the audience." in nobody_fits
    assert "Launching now would send no e-mails: there are no respondents yet." in no_respondent
    assert 'data-confirm="Launching now would send no e-mails (Different language: 1)."' in nobody
    assert 'href="#who"' in nobody
    assert 'data-confirm-link="#who"' in nobody
    assert "Launch now?" not in nobody
    assert "nobody" not in somebody
    assert "Launch now? 1 person will be asked." in somebody


def test_the_audience_of_today_adds_up_to_who_is_in_it_who_will_be_and_who_is_left_out(
    staff,
) -> None:
    campaign = make_campaign(audience={})
    make_invitation(make_respondent(), campaign, state="sent", sent_at=NOW)
    make_respondent()
    stopped = make_respondent()
    suppress(stopped.person, SuppressionReason.OPTED_OUT, now=NOW)

    html = staff("cs").get(f"/campaigns/{campaign.slug}/who/").content.decode()

    assert "Audience 3 = in this campaign 1 + to be asked 1 + left out 1" in html
