from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from surveys.models import Campaign, CampaignTemplate
from surveys.queries.campaigns.templates import template_fields
from tests.world import make_campaign

pytestmark = pytest.mark.django_db


def test_a_campaign_is_kept_as_a_template_and_others_begin_as_it(
    staff: Callable[[str], Client],
) -> None:
    campaign = make_campaign(
        name="Ours", state="draft", send_from=dt.time(10), send_until=dt.time(16, 30),
        weekdays=[1, 2], wording={"en": {"subject": "Hi"}}, ranges={"_mrr": {"from": "5"}},
    )  # fmt: skip
    client = staff("cs")

    for _ in range(2):
        client.post(f"/campaigns/{campaign.slug}/template/")
    template = CampaignTemplate.objects.get()
    fields = template_fields(f"own-{template.pk}")
    assert fields is not None
    begun = Campaign(**fields)
    assert (begun.send_from, begun.send_until) == (dt.time(10), dt.time(16, 30))
    assert (begun.weekdays, begun.wording, begun.name) == ([1, 2], {"en": {"subject": "Hi"}}, "")
    html = client.get(f"/campaigns/new/?template=own-{template.pk}").content.decode()
    assert 'value="10:00"' in html

    client.post("/campaigns/templates/delete/", {"template": template.pk})
    assert not CampaignTemplate.objects.exists()
    assert template_fields(f"own-{template.pk}") is None
    assert template_fields("own-²") is None
