from __future__ import annotations

import pytest

from accounts.models import Dimension
from surveys.models import Campaign
from tests.surveys.helpers.editor import form_data
from tests.world import make_campaign, make_customer

pytestmark = pytest.mark.django_db


def test_create_offers_a_considerate_schedule(staff) -> None:
    html = staff("cs").get("/campaigns/new/").content.decode()

    assert 'name="send_from" value="09:00"' in html
    assert 'name="per_hour" value="500"' in html


def test_create_keeps_the_audience_that_was_chosen(staff) -> None:
    make_customer(attributes={"contract": "enterprise"})
    make_customer(attributes={"contract": ""})
    Dimension.objects.create(name="contract", attribute="contract", source="customer")

    staff("cs").post(
        "/campaigns/new/", form_data(**{"audience-contract": ["enterprise", "\u2014"]})
    )

    assert Campaign.objects.get().audience == {"contract": ["enterprise", ""]}


def test_what_the_form_does_not_show_of_an_audience_stays(staff) -> None:
    Dimension.objects.create(name="language", attribute="language", source="respondent")
    campaign = make_campaign(state="draft", audience={"language": ["ja"]})

    staff("cs").post(f"/campaigns/{campaign.slug}/edit/", form_data(name="Renamed"))
    campaign.refresh_from_db()
    assert (campaign.name, campaign.audience) == ("Renamed", {"language": ["ja"]})


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"name": ""}, "This field is required."),
        ({"reminder_after_days": "2"}, "Wait at least 3 days before a reminder."),
        ({"per_hour": "0"}, "Enter 1 or more, or leave it empty for no limit."),
        ({"send_from": "09:00"}, "Fill in both times, or neither."),
        ({"send_from": "18:00", "send_until": "09:00"}, "Choose a later time."),
        (
            {"starts_at": "2026-12-01T09:00", "ends_at": "2026-11-01T09:00"},
            "This is before the start. Choose a later time.",
        ),
        ({"en-intro": "Dear {nmae}"}, "There is no placeholder {nmae}. You can use {customer}"),
        ({"ja-subject": "{{ settings.SECRET_KEY }}"}, "There is no placeholder"),
    ],
)
def test_create_names_what_is_wrong_and_saves_nothing(staff, fields, error) -> None:
    response = staff("cs").post("/campaigns/new/", form_data(**fields))

    assert response.status_code == 422
    assert error in response.content.decode()
    assert not Campaign.objects.exists()


def test_a_line_of_the_audience_says_what_is_chosen_of_it_while_it_is_folded(staff) -> None:
    for contract in ("enterprise", "starter"):
        make_customer(attributes={"contract": contract})
    Dimension.objects.create(name="contract", attribute="contract", source="customer")
    chosen = form_data(**{"name": "", "audience-contract": ["enterprise"]})
    client = staff("cs")

    fresh = client.get("/campaigns/new/").content.decode()
    again = client.post("/campaigns/new/", chosen).content.decode()

    line = '<span data-chosen="everybody">'
    assert f"{line}everybody</span>" in fresh
    assert f"{line}Enterprise</span>" in again or f"{line}enterprise</span>" in again
