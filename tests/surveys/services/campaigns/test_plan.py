from __future__ import annotations

import datetime as dt
import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.domain.contactability import SuppressionReason
from accounts.models import Dimension, Import, Suppression
from accounts.services.suppression import suppress
from surveys.domain.eligibility import Decision, Reason
from surveys.domain.states import CampaignState, InvitationState
from surveys.models import Campaign, Invitation, Slot
from surveys.queries.campaigns import planning as queries
from surveys.services import slots
from surveys.services.campaigns import plan
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


def planned(campaign: Campaign) -> list[tuple[int, str]]:
    rows = Invitation.objects.filter(campaign=campaign).order_by("respondent_id")
    return list(rows.values_list("respondent_id", "state"))


def send_times(campaign: Campaign) -> list[dt.datetime | None]:
    rows = Invitation.objects.filter(campaign=campaign).order_by("send_at", "id")
    return list(rows.values_list("send_at", flat=True))


def test_planning_asks_each_eligible_respondent_and_holds_a_slot() -> None:
    respondent = make_respondent(language="ja", email="Sato+a@Example.com")
    campaign = make_campaign()
    assert plan.plan_campaign(campaign, now=NOW).asked == 1
    invitation = Invitation.objects.get(campaign=campaign)
    assert invitation.respondent == respondent
    assert invitation.person == respondent.person
    assert invitation.state == InvitationState.QUEUED
    assert invitation.send_at == NOW
    assert (invitation.language, invitation.email) == ("ja", "Sato+a@Example.com")
    assert len(invitation.public_id) == 22
    assert invitation.slot.person == respondent.person


def test_planning_again_changes_nothing() -> None:
    make_respondent()
    campaign = make_campaign()
    plan.plan_campaign(campaign, now=NOW)
    before = planned(campaign)
    again = plan.plan_campaign(campaign, now=NOW)
    assert (again.asked, again.reasons) == (0, {Reason.ALREADY_INVITED: 1})
    assert planned(campaign) == before
    assert Slot.objects.filter(held_by__isnull=False).count() == 1


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


def test_audience_is_any_of_the_values_in_each_segment_and_own_values_win() -> None:
    big = make_customer(attributes={"contract": "enterprise", "usage": "120"})
    small = make_customer(attributes={"contract": "starter", "usage": "3"})
    wanted = [
        make_respondent(customer=big, role="admin"),
        make_respondent(customer=small, attributes={"contract": "business"}, role="admin"),
    ]
    make_respondent(customer=big, role="user")
    make_respondent(customer=small, role="admin")
    make_respondent(customer=big, attributes={"contract": "starter"}, role="admin")
    campaign = make_campaign(audience={"contract": ["enterprise", "business"], "role": ["admin"]})
    plan.plan_campaign(campaign, now=NOW)
    assert [pk for pk, _ in planned(campaign)] == [each.pk for each in wanted]


def test_audience_by_a_banded_segment() -> None:
    Dimension.objects.create(
        name="seats",
        attribute="usage",
        source="customer",
        bands={"thresholds": ["10", "100"], "labels": ["few", "some", "many"]},
    )
    wanted = make_respondent(customer=make_customer(attributes={"usage": "120"}))
    make_respondent(customer=make_customer(attributes={"usage": "99"}))
    campaign = make_campaign(audience={"seats": ["many"]})
    plan.plan_campaign(campaign, now=NOW)
    assert [pk for pk, _ in planned(campaign)] == [wanted.pk]


def test_respondent_without_a_customer_is_outside_the_audience() -> None:
    respondent = make_respondent()
    type(respondent).objects.filter(pk=respondent.pk).update(customer=None)
    preview = plan.preview(make_campaign(), now=NOW)
    assert preview.reasons == {Reason.OUTSIDE_AUDIENCE: 1}


def test_same_address_in_two_companies_shares_one_cap() -> None:
    person = make_person()
    first, second = make_respondent(person), make_respondent(person)
    send(first, now=NOW - DAY)
    by_first = make_campaign(audience={})
    plan.plan_campaign(by_first, now=NOW)
    later = plan.plan_campaign(make_campaign(), now=NOW)
    assert [pk for pk, _ in planned(by_first)] == [first.pk]
    assert later.reasons == {Reason.CAPPED: 2}
    assert queue(second) is None


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


def test_campaign_that_is_not_running_asks_nobody() -> None:
    make_respondent()
    for state in set(CampaignState) - {CampaignState.RUNNING}:
        campaign = make_campaign(state=state)
        assert plan.plan_campaign(campaign, now=NOW).asked == 0
        assert planned(campaign) == []
    assert not Slot.objects.filter(held_by__isnull=False).exists()


def test_respondent_without_slots_gets_them() -> None:
    respondent = make_respondent()
    Slot.objects.filter(person=respondent.person).delete()
    campaign = make_campaign()
    assert plan.plan_campaign(campaign, now=NOW).asked == 1
    assert Slot.objects.filter(person=respondent.person).count() == 2


def test_who_loses_the_slot_between_check_and_act_is_not_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    respondent = make_respondent()
    campaign = make_campaign()
    batches = list(queries.decisions(campaign, now=NOW))
    queue(respondent)
    queue(respondent)
    monkeypatch.setattr(plan, "decisions", lambda *args, **options: iter(batches))
    result = plan.plan_campaign(campaign, now=NOW)
    assert (result.asked, result.reasons) == (0, {Reason.CAPPED: 1})
    assert planned(campaign) == []


def test_batches_meet_in_the_middle_of_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "BATCH", 3)
    people = [make_person() for _ in range(5)]
    for person in people:
        make_respondent(person)
        make_respondent(person)
    campaign = make_campaign()
    preview = plan.plan_campaign(campaign, now=NOW)
    assert (preview.asked, preview.reasons) == (5, {Reason.ALREADY_INVITED: 5})


def test_number_of_queries_does_not_grow_with_the_audience() -> None:
    counts = []
    for _ in range(2):
        for _ in range(5):
            make_respondent(customer=make_customer(attributes={"plan": "pro"}))
        with CaptureQueriesContext(connection) as made:
            plan.plan_campaign(make_campaign(audience={"plan": ["pro"]}), now=NOW - WINDOW)
        counts.append(len(made))
        Slot.objects.update(held_by=None)
    assert counts[0] == counts[1]


# --- When ------------------------------------------------------------------------------------


def test_pace_spreads_the_mails_and_goes_on_from_the_last_one() -> None:
    for _ in range(3):
        make_respondent()
    campaign = make_campaign(per_hour=4, starts_at=NOW)
    plan.plan_campaign(campaign, now=NOW)
    for _ in range(2):
        make_respondent()
    plan.plan_campaign(campaign, now=NOW + dt.timedelta(minutes=1))
    quarter = dt.timedelta(minutes=15)
    assert send_times(campaign) == [NOW + quarter * number for number in range(5)]


def test_quiet_hours_weekdays_and_holidays_hold_in_the_respondents_zone() -> None:
    tokyo = make_respondent(time_zone="Asia/Tokyo")
    new_york = make_respondent(time_zone="America/New_York")
    campaign = make_campaign(
        send_from=dt.time(9), send_until=dt.time(17), weekdays=[0, 1, 2, 3, 4], holidays_of="JP"
    )
    # Friday 2026-11-20 at 18:30 in Tokyo; Monday 23 November is Labour Thanksgiving Day.
    friday = dt.datetime(2026, 11, 20, 9, 30, tzinfo=dt.UTC)
    plan.plan_campaign(campaign, now=friday)
    times = dict(campaign.invitations.values_list("respondent_id", "send_at"))
    assert times[tokyo.pk] == dt.datetime(2026, 11, 24, 0, 0, tzinfo=dt.UTC)
    assert times[new_york.pk] == dt.datetime(2026, 11, 20, 14, 0, tzinfo=dt.UTC)


def test_pace_holds_across_zones_and_through_the_night() -> None:
    for zone in ["Asia/Tokyo", "Asia/Seoul"] * 3:
        make_respondent(time_zone=zone)
    campaign = make_campaign(
        per_hour=2, starts_at=NOW, send_from=dt.time(9), send_until=dt.time(19)
    )
    # 18:00 in Tokyo and Seoul: two steps are left today, the rest go on at nine tomorrow.
    plan.plan_campaign(campaign, now=NOW)
    half = dt.timedelta(minutes=30)
    tomorrow = NOW + 15 * HOUR
    assert send_times(campaign) == [NOW, NOW + half, *(tomorrow + half * step for step in range(4))]


def test_turn_after_the_campaign_ends_is_too_late() -> None:
    for _ in range(3):
        make_respondent()
    campaign = make_campaign(per_hour=1, starts_at=NOW, ends_at=NOW + 2 * HOUR)
    preview = plan.preview(campaign, now=NOW)
    assert (preview.asked, preview.reasons) == (2, {Reason.TOO_LATE: 1})
    assert plan.plan_campaign(campaign, now=NOW) == preview


# --- Ticks -----------------------------------------------------------------------------------


def test_open_ended_campaign_asks_the_capped_on_the_date_it_promised() -> None:
    respondent = make_respondent()
    send(respondent, now=NOW - 100 * DAY)
    send(respondent, now=NOW - 50 * DAY)
    campaign = make_campaign()
    date = plan.explain(campaign, respondent, now=NOW).next_possible
    assert date == NOW - 100 * DAY + WINDOW
    tick = date - dt.timedelta(minutes=2)
    plan.plan_due(now=tick)
    plan.plan_due(now=date - dt.timedelta(seconds=1))
    assert planned(campaign) == []
    plan.plan_due(now=date)
    assert planned(campaign) == [(respondent.pk, "queued")]


def looked_at(now: dt.datetime) -> int:
    (result,) = plan.plan_due(now=now).values()
    return result.asked + sum(result.reasons.values())


def test_tick_looks_only_at_those_whose_slot_came_free() -> None:
    for _ in range(3):
        make_respondent()
    soon = make_respondent()
    send(soon, now=NOW - WINDOW + dt.timedelta(minutes=7))
    make_campaign()
    assert looked_at(NOW) == 4
    assert looked_at(NOW + dt.timedelta(minutes=6)) == 0
    assert looked_at(NOW + dt.timedelta(minutes=7)) == 1
    assert looked_at(NOW + HOUR) == 4


def test_tick_looks_at_everybody_after_an_import_a_lift_and_an_edit() -> None:
    respondent = make_respondent()
    campaign = make_campaign()
    minute = dt.timedelta(minutes=1)
    assert looked_at(NOW) == 1
    assert looked_at(NOW + 9 * minute) == 0
    Import.objects.create(kind="respondents", file_name="r.csv", finished_at=NOW + 10 * minute)
    assert looked_at(NOW + 10 * minute) == 1
    assert looked_at(NOW + 16 * minute) == 1  # the ticks overlap
    assert looked_at(NOW + 17 * minute) == 0
    Suppression.objects.create(
        person=respondent.person, reason="manual", created_at=NOW, lifted_at=NOW + 30 * minute
    )
    assert looked_at(NOW + 30 * minute) == 1
    assert looked_at(NOW + 36 * minute) == 1
    assert looked_at(NOW + 37 * minute) == 0
    Campaign.objects.filter(pk=campaign.pk).update(looked_through_at=None)
    assert looked_at(NOW + 38 * minute) == 1


def test_campaign_whose_hours_never_open_does_not_stop_the_others() -> None:
    make_respondent()
    make_campaign(send_from=dt.time(18), send_until=dt.time(9))
    fine = make_campaign()
    assert list(plan.plan_due(now=NOW)) == [fine.slug]
    assert len(planned(fine)) == 1


def test_only_running_campaigns_inside_their_dates_are_due() -> None:
    make_respondent()
    make_campaign(starts_at=NOW + HOUR)
    make_campaign(ends_at=NOW)
    make_campaign(state=CampaignState.PAUSED)
    assert plan.plan_due(now=NOW) == {}


# --- Why -------------------------------------------------------------------------------------


def test_explain_gives_the_reason_of_one_respondent() -> None:
    respondent, other = make_respondent(), make_respondent(language="ja")
    campaign = make_campaign(languages=["en"])
    assert plan.explain(campaign, respondent, now=NOW) == Decision(Reason.ASKED, NOW)
    assert plan.explain(campaign, other, now=NOW) == Decision(Reason.WRONG_LANGUAGE)
    plan.plan_campaign(campaign, now=NOW)
    assert plan.explain(campaign, respondent, now=NOW) == Decision(Reason.ALREADY_INVITED)


# --- Commands --------------------------------------------------------------------------------


def run(*arguments: str, **options: Any) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command(*arguments, stdout=out, stderr=err, **options)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_plan_campaigns_prints_what_it_decided() -> None:
    make_respondent()
    make_respondent(email="")
    campaign = make_campaign()
    code, out, _ = run("plan_campaigns", "--at", "2026-11-24T18:00:00+09:00")
    assert code == 0
    assert json.loads(out) == {campaign.slug: {"asked": 1, "reasons": {"no_address": 1}}}
    assert send_times(campaign) == [NOW]


def test_plan_campaigns_refuses_what_is_not_a_moment() -> None:
    with pytest.raises(CommandError, match="'tomorrow' is not a moment"):
        run("plan_campaigns", "--at", "tomorrow")
