from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.domain.contactability import SuppressionReason
from accounts.services.suppression import suppress
from surveys.domain.eligibility import Decision, Reason
from surveys.domain.states import CampaignState, InvitationState
from surveys.queries.campaigns import planning as queries
from surveys.services import slots
from surveys.services.campaigns import plan
from tests.surveys.helpers.planned import planned
from tests.world import (
    DAY,
    HOUR,
    NOW,
    WINDOW,
    make_campaign,
    make_customer,
    make_invitation,
    make_person,
    make_respondent,
    queue,
    send,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
TODAY = NOW.date()


def test_everybody_gets_a_reason_and_the_preview_equals_the_result() -> None:
    make_respondent()
    capped = make_respondent()
    send(capped, now=NOW - 10 * DAY)
    send(capped, now=NOW - 5 * DAY)
    for reason in SuppressionReason:
        suppress(make_respondent().person, reason, now=NOW)
    make_respondent(customer=make_customer(churned_on=TODAY))
    make_respondent(customer=make_customer(started_on=TODAY + DAY))
    make_respondent(language="ja")
    make_respondent(email="")
    erased = make_respondent()
    erased.person.erased_at = NOW
    erased.person.save()
    twice = make_person()
    make_respondent(twice)
    make_respondent(twice)
    campaign = make_campaign(languages=["en"])
    preview = plan.preview(campaign, now=NOW)
    assert preview.reasons == {
        Reason.ERASED: 1,
        Reason.CHURNED_CUSTOMER: 2,
        Reason.WRONG_LANGUAGE: 1,
        Reason.ALREADY_INVITED: 1,
        Reason.NO_ADDRESS: 1,
        Reason.OPTED_OUT: 1,
        Reason.COMPLAINED: 1,
        Reason.BOUNCED: 1,
        Reason.SUPPRESSED: 1,
        Reason.CAPPED: 1,
    }
    free_again = NOW - 10 * DAY + WINDOW
    assert (preview.asked, preview.earliest) == (2, free_again)
    assert preview.next_dates == {free_again.date(): 1}
    assert preview.audience == 12
    assert plan.plan_campaign(campaign, now=NOW) == preview
    assert len(planned(campaign)) == 2


def test_preview_writes_nothing() -> None:
    make_respondent()
    campaign = make_campaign(state=CampaignState.DRAFT)
    with CaptureQueriesContext(connection) as queries_made:
        assert plan.preview(campaign, now=NOW).asked == 1
    assert {query["sql"].split()[0] for query in queries_made} <= {"SELECT", "DECLARE", "FETCH"}


def test_preview_looks_at_the_day_the_campaign_starts() -> None:
    respondent = make_respondent()
    send(respondent, now=NOW - 300 * DAY)
    send(respondent, now=NOW - 200 * DAY)
    campaign = make_campaign(state=CampaignState.DRAFT, starts_at=NOW + 100 * DAY)
    assert plan.preview(campaign, now=NOW).asked == 1


def test_merged_person_is_not_asked_again_by_the_campaign_that_asked_the_other() -> None:
    kept, gone = make_respondent(), make_respondent()
    campaign = make_campaign()
    asked = make_invitation(gone, campaign, state=InvitationState.SENT, sent_at=NOW - DAY)
    slots.merge_persons(kept.person, asked.person, now=NOW, by=None)
    plan.plan_campaign(campaign, now=NOW)
    assert planned(campaign) == [(gone.pk, "sent")]


def test_minimum_gap_counts_sent_and_queued_mail() -> None:
    sent, waiting = make_respondent(), make_respondent()
    send(sent, now=NOW - 10 * DAY)
    queue(waiting, now=NOW)
    preview = plan.preview(make_campaign(minimum_gap_days=30), now=NOW)
    assert preview.reasons == {Reason.ASKED_RECENTLY: 2}
    # Of the two, that who was asked first may be asked first.
    assert preview.first_dates.keys() == {Reason.ASKED_RECENTLY}
    assert NOW < preview.first_dates[Reason.ASKED_RECENTLY] < NOW + 30 * DAY
    assert plan.preview(make_campaign(), now=NOW).asked == 2


def test_batches_meet_in_the_middle_of_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "BATCH", 3)
    people = [make_person() for _ in range(5)]
    for person in people:
        make_respondent(person)
        make_respondent(person)
    campaign = make_campaign()
    preview = plan.plan_campaign(campaign, now=NOW)
    assert (preview.asked, preview.reasons) == (5, {Reason.ALREADY_INVITED: 5})


def test_explain_gives_the_reason_of_one_respondent() -> None:
    respondent, other = make_respondent(), make_respondent(language="ja")
    campaign = make_campaign(languages=["en"])
    assert plan.explain(campaign, respondent, now=NOW) == Decision(Reason.ASKED, NOW)
    assert plan.explain(campaign, other, now=NOW) == Decision(Reason.WRONG_LANGUAGE)
    plan.plan_campaign(campaign, now=NOW)
    assert plan.explain(campaign, respondent, now=NOW) == Decision(Reason.ALREADY_INVITED)


def test_the_preview_says_when_the_first_and_the_last_mail_leave() -> None:
    campaign = make_campaign(send_from=dt.time(9), send_until=dt.time(18))
    # At 9:00 UTC: Tokyo's day is over, London's is on, New York's begins in five hours.
    for zone in ("Europe/London", "Asia/Tokyo", "America/New_York"):
        make_respondent(time_zone=zone)

    preview = plan.preview(campaign, now=NOW)

    assert (preview.starts, preview.ends) == (NOW, NOW + 15 * HOUR)
    assert (preview.asked, preview.audience, preview.left_out) == (3, 3, 0)
