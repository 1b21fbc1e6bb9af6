from __future__ import annotations

import datetime as dt

import pytest

from accounts.models import Organisation
from surveys.queries.organisation import zone_is_fixed
from surveys.services.organisation import ZoneIsFixed, save
from tests.staffing import make_staff
from tests.world import NOW, make_campaign, make_invitation, make_respondent

pytestmark = pytest.mark.django_db


def test_another_zone_moves_what_waits_and_is_refused_once_a_day_was_counted() -> None:
    invitation = make_invitation(make_respondent())
    campaign = invitation.campaign
    draft = make_campaign(state="draft")
    assert not zone_is_fixed()

    row = Organisation(pk=1, name="Aoba", time_zone="Asia/Tokyo")
    save(row, by=make_staff("admin"), now=NOW, zone_moves=True)
    campaign.refresh_from_db()
    draft.refresh_from_db()
    assert (campaign.reschedule_from, draft.reschedule_from) == (NOW, None)

    invitation.sent_at = NOW + dt.timedelta(minutes=1)
    invitation.save()
    row.time_zone = "Asia/Seoul"
    with pytest.raises(ZoneIsFixed, match="its days were counted"):
        save(row, by=None, now=NOW, zone_moves=True)
    assert Organisation.objects.get().time_zone == "Asia/Tokyo"
    row.time_zone = "Asia/Tokyo"
    row.name = "Midori"
    assert save(row, by=None, now=NOW, zone_moves=False) == ["name"]
