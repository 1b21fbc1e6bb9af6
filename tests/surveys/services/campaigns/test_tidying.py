from __future__ import annotations

import pytest

from surveys.domain.states import CampaignState
from surveys.models import Campaign
from surveys.queries.campaigns.listing import ARCHIVED, campaigns_found
from surveys.services.campaigns import tidying
from surveys.services.campaigns.states import CampaignError, launch
from tests.staffing import make_staff
from tests.world import NOW, make_campaign

pytestmark = pytest.mark.django_db


@pytest.mark.both_databases
def test_only_a_draft_is_deleted_also_where_it_was_launched_meanwhile() -> None:
    draft, launched = (make_campaign(state=CampaignState.DRAFT) for _ in range(2))
    launch(Campaign.objects.get(pk=launched.pk), by=None, now=NOW)

    by = make_staff()
    tidying.delete_draft(draft, by=by, now=NOW)
    with pytest.raises(CampaignError):
        tidying.delete_draft(launched, by=by, now=NOW)

    assert list(Campaign.objects.all()) == [launched]


def test_what_is_over_is_archived_and_taken_out_again() -> None:
    by = make_staff()
    over, running = make_campaign(state=CampaignState.FINISHED), make_campaign()

    def listed(state: str = "") -> list[Campaign]:
        return list(campaigns_found(text="", state=state, sort=""))

    with pytest.raises(CampaignError):
        tidying.archive(running, by=by, now=NOW)
    tidying.archive(over, by=by, now=NOW)

    assert (listed(), listed(ARCHIVED)) == ([running], [over])
    with pytest.raises(CampaignError):
        tidying.archive(over, by=by, now=NOW)
    tidying.restore(over, by=by, now=NOW)
    assert listed() == [running, over]


def test_a_copy_asks_the_same_people_the_same_and_has_its_own_dates() -> None:
    original = make_campaign(
        name="Spring", audience={"plan": ["gold"]}, wording={"en": {"subject": "Hello"}},
        state=CampaignState.FINISHED, per_hour=7, reminder_after_days=5, ends_at=NOW,
        from_address="cs@gone.example",
    )  # fmt: skip

    copy = tidying.duplicate(original, by=make_staff(), now=NOW)

    assert (copy.state, copy.name) == ("draft", "Copy of Spring")
    assert (copy.starts_at, copy.ends_at) == (None, None)
    # Its domain is no longer one that campaigns may be sent from.
    assert copy.from_address == ""
    same = ("audience", "wording", "per_hour", "reminder_after_days")
    assert [getattr(copy, each) for each in same] == [getattr(original, each) for each in same]
