from __future__ import annotations

from typing import Any

import pytest

from surveys.domain.states import CampaignState
from surveys.models import Campaign, Invitation
from tests.surveys.helpers.editor import form_data
from tests.world import make_campaign, make_invitation, make_respondent

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
    assert one_name["head"]["from"] == "Koe <survey@koe.example>"
    assert client.post("/campaigns/new/mail/fr/head/", data).status_code == 404


HALF_WRITTEN = ["<<", "あ@x", "a@", "<a@b", "a@b.example\nBcc: c@d.example", "\x00"]
HOSTILE = ["\x00", "a\r\nBcc: b@c.example", "{", "{name", "x" * 5_000]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("reply_to", each) for each in HALF_WRITTEN),
        *((field, each) for field in ("sender_name", "en-subject") for each in HOSTILE),
    ],
)
def test_what_is_half_written_breaks_no_preview(staff, field: str, value: str) -> None:
    client, data = staff("cs"), form_data(**{field: value})

    for page in ("mail/en/", "mail/en/head/", "who/"):
        assert client.post(f"/campaigns/new/{page}", data).status_code in {200, 422}
    assert client.post("/campaigns/new/", data).status_code in {302, 422}


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


def test_the_editor_counts_who_would_be_asked_as_it_stands_and_writes_nothing(staff) -> None:
    make_respondent(language="en")
    make_respondent(language="ja")
    client = staff("cs")

    def told(**fields: Any) -> str:
        return client.post("/campaigns/new/who/", form_data(**fields)).content.decode()

    assert "<b>2</b> of 2 in the audience will be asked." in told(name="")
    english = told(languages=["en"], send_from="09:00", send_until="18:00", per_hour="500")
    assert "<b>1</b> of 2 in the audience will be asked." in english
    assert "All leave on" in english
    assert "1 not: why?" in english
    assert "Different language" in english
    assert "Not counted: a field needs your attention first." in told(per_hour="0")
    assert not Campaign.objects.exists()


def test_of_a_paused_campaign_those_who_are_in_it_already_are_not_counted_again(staff) -> None:
    campaign = make_campaign(state=CampaignState.PAUSED)
    make_invitation(make_respondent(), campaign, state="sent")
    make_respondent()
    address = f"/campaigns/{campaign.slug}/edit/who/"

    html = staff("cs").post(address, form_data(name="Winter")).content.decode()

    assert "<b>1</b> of 2 in the audience will be asked." in html
    campaign.refresh_from_db()
    assert campaign.name != "Winter"
    Campaign.objects.update(state=CampaignState.RUNNING)
    assert staff("cs").post(address, form_data()).status_code == 404


def test_an_address_to_send_from_is_of_a_domain_of_ours(staff) -> None:
    client = staff("cs")
    foreign = client.post("/campaigns/new/", form_data(from_address="ask@gmail.com"))
    assert "addresses of koe.example" in foreign.content.decode()
    client.post("/campaigns/new/", form_data(from_address="cs@koe.example"))
    campaign = Campaign.objects.get()
    assert campaign.from_address == "cs@koe.example"
    # The last step says who it is from, and whether that is believed.
    check = client.post(f"/campaigns/{campaign.slug}/edit/who/", form_data(sender_name="Koe"))
    assert "Koe &lt;survey@koe.example&gt;" in check.content.decode()


def test_a_template_keeps_the_name_that_was_typed(staff) -> None:
    client = staff("cs")

    page = client.post(
        "/campaigns/new/", {"name": "更新前 & <2027>", "template": "renewal"}, follow=True
    )

    html = page.content.decode()
    assert 'value="更新前 &amp; &lt;2027&gt;"' in html
    assert '<option value="renews_on" selected>' in html
    assert not Campaign.objects.exists()
