from __future__ import annotations

import datetime as dt
import io
import json
from contextlib import nullcontext
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Import, Suppression
from surveys import tasks
from surveys.domain.eligibility import Reason
from surveys.domain.states import CampaignState, InvitationState
from surveys.models import Campaign, Invitation, Slot
from surveys.queries.campaigns import planning as queries
from surveys.services.campaigns import plan
from tests.surveys.helpers.planned import planned
from tests.world import (
    DAY,
    HOUR,
    NOW,
    WINDOW,
    make_campaign,
    make_customer,
    make_person,
    make_respondent,
    queue,
    send,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

TODAY = NOW.date()


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


def test_a_campaign_that_is_still_being_planned_is_left_to_that_plan(monkeypatch) -> None:
    make_respondent()
    slow, other = make_campaign(), make_campaign()
    monkeypatch.setattr(plan, "only_one", lambda what: nullcontext(what != f"plan {slow.pk}"))

    assert list(plan.plan_due(now=NOW)) == [other.slug]

    monkeypatch.undo()
    assert list(plan.plan_due(now=NOW)) == [slow.slug, other.slug]


def test_one_tick_plans_at_a_time(monkeypatch) -> None:
    ticks: list[str] = []
    monkeypatch.setattr(tasks, "plan_due", lambda **_: ticks.append("planned"))
    with monkeypatch.context() as busy:
        busy.setattr(tasks, "only_one", lambda what: nullcontext(what != "plan"))
        tasks.plan()
    assert ticks == []

    tasks.plan()
    assert ticks == ["planned"]


def test_only_running_campaigns_inside_their_dates_are_due() -> None:
    make_respondent()
    make_campaign(starts_at=NOW + HOUR)
    make_campaign(ends_at=NOW)
    make_campaign(state=CampaignState.PAUSED)
    assert plan.plan_due(now=NOW) == {}


# --- Why -------------------------------------------------------------------------------------


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
