from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from accounts.domain.contactability import SuppressionReason
from accounts.models import AuditEvent
from accounts.services.suppression import suppress
from surveys.domain.eligibility import Reason
from surveys.domain.states import CampaignState
from surveys.models import Campaign, Invitation, Slot
from tests.surveys.helpers.editor import form_data
from tests.world import (
    NOW,
    make_campaign,
    make_respondent,
    queue,
    send,
)

pytestmark = pytest.mark.django_db


def test_create_makes_a_draft_and_mails_nobody(staff) -> None:
    make_respondent()

    response = staff("cs").post("/campaigns/new/", form_data())

    campaign = Campaign.objects.get()
    assert response.status_code == 302
    assert response.headers["Location"] == "/campaigns/autumn-2026/"
    assert (campaign.name, campaign.state) == ("Autumn 2026", CampaignState.DRAFT)
    assert not Invitation.objects.exists()


def test_edit_makes_a_new_version(staff) -> None:
    campaign = make_campaign(state=CampaignState.DRAFT)

    staff("cs").post(f"/campaigns/{campaign.slug}/edit/", form_data(name="Winter"))

    campaign.refresh_from_db()
    assert (campaign.name, campaign.version) == ("Winter", 2)


def test_a_running_campaign_is_not_changed(staff) -> None:
    campaign = make_campaign(state=CampaignState.RUNNING)

    response = staff("cs").post(
        f"/campaigns/{campaign.slug}/edit/", form_data(name="Winter"), follow=True
    )

    campaign.refresh_from_db()
    assert campaign.name == campaign.slug
    assert "Pause the campaign before you change it." in response.content.decode()


def test_detail_says_who_will_be_asked_and_why_others_not(staff) -> None:
    make_respondent()
    make_respondent(language="ja")
    campaign = make_campaign(state=CampaignState.DRAFT, languages=["en"])

    html = staff("cs").get(f"/campaigns/{campaign.slug}/").content.decode()

    assert "<b>1</b> of 2 in the audience will be asked." in html
    assert "Different language" in html


def test_launch_pause_resume_cancel_move_the_campaign(staff) -> None:
    campaign = make_campaign(state=CampaignState.DRAFT, starts_at=None)
    client = staff("cs")
    states = []

    for act in ("launch", "pause", "resume", "cancel"):
        client.post(f"/campaigns/{campaign.slug}/{act}/")
        campaign.refresh_from_db()
        states.append(campaign.state)

    assert states == ["running", "paused", "running", "cancelled"]
    actions = AuditEvent.objects.order_by("id").values_list("action", "actor__email")
    assert list(actions) == [
        (f"campaign.{act}", "cs@koe.example") for act in ("launch", "pause", "resume", "cancel")
    ]


def test_a_second_launch_says_that_it_cannot_be_done(staff) -> None:
    campaign = make_campaign(state=CampaignState.RUNNING)

    page = staff("cs").post(f"/campaigns/{campaign.slug}/launch/", follow=True)

    assert "this is not possible now" in page.content.decode()


def test_cancel_gives_back_the_slots_of_what_was_not_mailed(staff) -> None:
    invitation = queue(make_respondent())
    assert invitation is not None
    Campaign.objects.update(state=CampaignState.RUNNING)

    staff("cs").post(f"/campaigns/{invitation.campaign.slug}/cancel/")

    invitation.refresh_from_db()
    assert (invitation.state, invitation.reason) == ("cancelled", "campaign_cancelled")
    assert not Slot.objects.filter(held_by__isnull=False).exists()


def test_moves_are_posts(staff) -> None:
    campaign = make_campaign(state=CampaignState.DRAFT)

    response = staff("cs").get(f"/campaigns/{campaign.slug}/launch/")

    campaign.refresh_from_db()
    assert (response.status_code, campaign.state) == (405, "draft")


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
    detail = page.get(f"/campaigns/{campaign.slug}/")
    names = {
        reason: [str(row) for row, _ in page.get(f"{prospects}?reason={reason}").context["rows"]]
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
    assert page.get(f"{prospects}?reason=nonsense").status_code == 404
    Campaign.objects.filter(pk=campaign.pk).update(state="finished")
    assert page.get(prospects).status_code == 404


def test_progress_is_refreshed_as_a_part_of_the_page(staff) -> None:
    campaign = make_campaign()

    part = staff("cs").get(f"/campaigns/{campaign.slug}/", headers={"HX-Request": "true"})

    assert part.content.decode().strip().startswith('<div id="progress"')


def test_draft_mail_shows_what_stands_in_the_editor_and_writes_nothing(staff) -> None:
    data = form_data(**{"en-intro": "Hello from the editor"})

    response = staff("cs").post("/campaigns/new/mail/en/", data)

    assert "Hello from the editor" in response.content.decode()
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "script-src" not in response.headers["Content-Security-Policy"]
    assert not Campaign.objects.exists()


def test_draft_mail_names_an_unknown_placeholder_while_it_is_typed(staff) -> None:
    data = form_data(**{"en-intro": "Dear {nmae},"})

    english = staff("cs").post("/campaigns/new/mail/en/", data)
    japanese = staff("cs").post("/campaigns/new/mail/ja/", data)

    assert english.status_code == 422
    assert "There is no placeholder {nmae}. You can use" in english.content.decode()
    assert english.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert japanese.status_code == 200


def test_trial_reaches_only_the_one_who_asked_for_it(staff, settings, sink) -> None:
    make_respondent()
    campaign = make_campaign(state=CampaignState.DRAFT)

    staff("cs").post(f"/campaigns/{campaign.slug}/test/", {"language": "ja"})

    assert sink.recipients == ["cs@koe.example"]
    assert not Invitation.objects.exists()


def test_a_new_campaign_is_dated_when_it_is_launched(staff) -> None:
    campaign = make_campaign(state=CampaignState.DRAFT, starts_at=None)
    before = dt.datetime.now(dt.UTC)

    staff("cs").post(f"/campaigns/{campaign.slug}/launch/")

    campaign.refresh_from_db()
    assert campaign.starts_at is not None
    assert campaign.starts_at >= before


def test_draft_head_tells_what_stands_above_the_mail_and_which_texts_are_wrong(staff) -> None:
    data = form_data(
        **{
            "en-sender_name": "Team of {organisation}",
            "en-subject": "A word, {name}?",
            "en-preheader": "One minute",
            "en-intro": "Dear {nmae},",
            "ja-intro": "{nmae}",
        }
    )
    client = staff("cs")

    told = client.post("/campaigns/new/mail/en/head/", data).json()
    one_name = client.post("/campaigns/new/mail/en/head/", data | {"sender_name": "Koe"}).json()

    assert told["head"]["subject"] == "A word, Alex Smith?"
    assert told["head"]["preheader"] == "One minute"
    assert told["head"]["from"].startswith("Team of ")
    assert list(told["faults"]) == ["id_en-intro"]
    assert told["faults"]["id_en-intro"].startswith("There is no placeholder {nmae}.")
    assert one_name["head"]["from"] == "Koe"
    assert client.post("/campaigns/new/mail/fr/head/", data).status_code == 404


def test_editor_says_which_sender_name_counts(staff) -> None:
    html = staff("cs").get("/campaigns/new/").content.decode()

    assert "Replaces the sender names in the texts." in html
    assert html.count("Not used while the campaign has one sender name for all languages.") == 2


def test_a_question_without_a_language_that_is_asked_in_is_warned_of(staff) -> None:
    client = staff("cs")
    data = form_data(**{"question-1-kind": "text", "question-1-label_en": "Why?"})
    warning = "Question 1 is incomplete in Japanese."

    saved = client.post("/campaigns/new/", data, follow=True)
    slug = Campaign.objects.get().slug
    editor = client.get(f"/campaigns/{slug}/edit/")
    assert warning in saved.content.decode()
    assert warning in editor.content.decode()

    Campaign.objects.update(languages=["en"])
    assert warning not in client.get(f"/campaigns/{slug}/").content.decode()
    Campaign.objects.update(languages=[], state=CampaignState.FINISHED)
    assert warning not in client.get(f"/campaigns/{slug}/").content.decode()


@pytest.mark.parametrize(
    ("state", "why"),
    [
        (CampaignState.RUNNING, "Pause the campaign before you change it."),
        (CampaignState.FINISHED, "This campaign is over."),
    ],
)
def test_no_form_is_shown_that_would_be_refused(staff, state, why) -> None:
    campaign = make_campaign(state=state)

    page = staff("cs").get(f"/campaigns/{campaign.slug}/edit/", follow=True)

    assert page.redirect_chain == [(f"/campaigns/{campaign.slug}/", 302)]
    assert why in page.content.decode()


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
