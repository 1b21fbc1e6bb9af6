from __future__ import annotations

import datetime as dt

import pytest

from surveys.domain.eligibility import Reason
from surveys.models import Campaign, Invitation
from surveys.services.campaigns import plan
from tests.world import (
    DAY,
    HOUR,
    NOW,
    make_campaign,
    make_customer,
    make_respondent,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def send_times(campaign: Campaign) -> list[dt.datetime | None]:
    rows = Invitation.objects.filter(campaign=campaign).order_by("send_at", "id")
    return list(rows.values_list("send_at", flat=True))


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


def test_whose_day_passes_before_their_turn_takes_no_turn_of_the_next_one() -> None:
    for days in (-2, -2, 0):
        make_respondent(customer=make_customer(renews_on=NOW.date() + days * DAY))
    campaign = make_campaign(
        per_hour=1, starts_at=NOW, send_from=dt.time(9), send_until=dt.time(10),
        repeat="date", date_name="renews_on", latest_days=2,
    )  # fmt: skip
    preview = plan.plan_campaign(campaign, now=NOW)
    assert send_times(campaign) == [NOW, NOW + DAY]
    assert preview.reasons == {Reason.TOO_LATE: 1}


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
