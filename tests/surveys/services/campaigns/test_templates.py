from __future__ import annotations

import pytest

from accounts.models import AuditEvent
from surveys.models import CampaignTemplate
from surveys.services.campaigns import templates
from surveys.services.campaigns.states import CampaignError
from tests.staffing import make_staff
from tests.world import NOW, make_campaign

pytestmark = pytest.mark.django_db


def test_a_template_of_the_same_name_is_replaced_and_there_are_not_too_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(templates, "AT_MOST", 1)
    member, campaign = make_staff("cs"), make_campaign(name="Ours", per_hour=5)
    templates.save_as_template(campaign, by=member, now=NOW)
    campaign.per_hour = 7
    made = templates.save_as_template(campaign, by=member, now=NOW)

    assert CampaignTemplate.objects.get().fields["per_hour"] == 7
    with pytest.raises(CampaignError, match="too many templates"):
        templates.save_as_template(make_campaign(name="More"), by=member, now=NOW)
    templates.delete_template(made, by=member, now=NOW)
    actions = AuditEvent.objects.values_list("action", flat=True)
    assert set(actions) == {"template.save", "template.delete"}
