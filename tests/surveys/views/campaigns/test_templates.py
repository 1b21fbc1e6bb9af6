from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from surveys.models import CampaignTemplate
from tests.world import make_campaign

pytestmark = pytest.mark.django_db


def test_a_template_is_saved_from_a_campaign_and_deleted_where_one_is_chosen(
    staff: Callable[[str], Client],
) -> None:
    campaign, client = make_campaign(name="Ours", state="finished"), staff("cs")
    page = client.post(f"/campaigns/{campaign.slug}/template/", follow=True).content.decode()
    assert "“Ours” is a template now" in page
    template = CampaignTemplate.objects.get()
    button = f'name="template" value="own-{template.pk}"'
    assert button in client.get("/campaigns/new/").content.decode()

    deleted = client.post("/campaigns/templates/delete/", {"template": template.pk}, follow=True)
    assert "The template “Ours” is deleted." in deleted.content.decode()
    assert not CampaignTemplate.objects.exists()
    entered = make_campaign(state="entered")
    assert client.post(f"/campaigns/{entered.slug}/template/").status_code == 404
