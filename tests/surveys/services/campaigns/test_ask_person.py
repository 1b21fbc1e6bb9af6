from __future__ import annotations

import pytest

from surveys.models import Campaign, Invitation
from surveys.services.campaigns.ask_person import Survey, ask_person
from surveys.services.slots import merge_persons
from tests.world import DAY, NOW, make_customer, make_person, make_respondent

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
SURVEY = Survey("shop", "Shop", "en", gap_days=0)


def test_who_was_merged_is_asked_in_the_next_campaign_and_within_one_cap() -> None:
    kept, gone = make_respondent(make_person()), make_respondent(make_person())
    assert ask_person(gone, SURVEY, at=NOW, now=NOW)
    merge_persons(kept.person, gone.person, now=NOW, by=None)
    gone.refresh_from_db()

    asked = [ask_person(each, SURVEY, at=NOW, now=NOW) for each in (kept, gone)]

    assert [each is not None for each in asked] == [True, False]
    assert Invitation.objects.values("person").distinct().count() == 1
    assert Campaign.objects.count() == 2


def test_a_slot_that_comes_free_in_time_is_enough() -> None:
    respondent = make_respondent(make_person())
    for _ in range(2):
        ask_person(respondent, SURVEY, at=NOW, now=NOW)
    held = respondent.person.slots.all()
    held.update(held_by=None, free_at=NOW + 10 * DAY)

    assert ask_person(respondent, SURVEY, at=NOW + 9 * DAY, now=NOW) is None
    assert ask_person(respondent, SURVEY, at=NOW + 10 * DAY, now=NOW)


def test_nobody_of_a_customer_that_has_left_is_asked() -> None:
    gone = make_customer(churned_on=NOW.date())

    assert ask_person(make_respondent(customer=gone), SURVEY, at=NOW, now=NOW) is None


def test_a_campaign_that_ended_leaves_its_place_to_the_next_one() -> None:
    ask_person(make_respondent(), SURVEY, at=NOW, now=NOW)
    Campaign.objects.update(state="cancelled")

    assert ask_person(make_respondent(), SURVEY, at=NOW, now=NOW).campaign.state == "running"
