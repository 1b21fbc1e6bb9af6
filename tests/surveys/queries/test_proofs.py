from __future__ import annotations

import pytest

from accounts.models import Respondent
from surveys.models import Campaign, Invitation
from surveys.queries.delivery import findings
from surveys.services import slots
from tests.world import DAY, HOUR, NOW, make_campaign, make_invitation, make_respondent

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
REPEATED = "surveys went again to persons who were known to have them"


def claimed(respondent: Respondent, campaign: Campaign, *, hour: float, **fields) -> Invitation:
    at = NOW + hour * HOUR
    fields = {"state": "sent", "claimed_at": at, "sent_at": at, **fields}
    return make_invitation(respondent, campaign, **fields)


def repeated() -> list[str]:
    return [each for each in findings(now=NOW + DAY) if each.endswith(REPEATED)]


@pytest.mark.parametrize("state", ["sending", "sent", "unknown"])
def test_check_finds_a_survey_that_went_again_after_the_merge(state):
    campaign, kept, gone = make_campaign(), make_respondent(), make_respondent()
    claimed(kept, campaign, hour=0, state=state)
    slots.merge_persons(kept.person, gone.person, now=NOW + HOUR, by=None)
    assert repeated() == []

    # From the moment of the merge on.
    claimed(gone, campaign, hour=1)
    assert repeated() == [f"1 {REPEATED}"]


def test_check_finds_it_after_a_chain_of_merges_too():
    campaign = make_campaign()
    first, second, third = (make_respondent() for _ in range(3))
    claimed(first, campaign, hour=0)
    claimed(second, campaign, hour=0.5)
    slots.merge_persons(second.person, first.person, now=NOW + HOUR, by=None)
    claimed(third, campaign, hour=2)
    slots.merge_persons(third.person, second.person, now=NOW + 3 * HOUR, by=None)
    assert repeated() == []

    Invitation.objects.filter(respondent=third).update(claimed_at=NOW + 4 * HOUR)
    assert repeated() == [f"1 {REPEATED}"]


def test_other_surveys_and_mails_that_did_not_go_are_no_repetition():
    campaign, kept, gone = make_campaign(), make_respondent(), make_respondent()
    claimed(kept, campaign, hour=0)
    slots.merge_persons(kept.person, gone.person, now=NOW + HOUR, by=None)

    claimed(gone, make_campaign(), hour=2)
    claimed(kept, campaign, hour=2, occasion="2026-11-01")
    for state in ("failed", "cancelled", "skipped", "retry"):
        row = claimed(gone, campaign, hour=2, state=state)
        assert repeated() == []
        row.delete()
    claimed(gone, campaign, hour=2, reason="imported")
    assert repeated() == []
