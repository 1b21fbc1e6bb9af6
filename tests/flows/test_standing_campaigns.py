"""Three years of campaigns that overlap, from planning to the cap, on the database itself."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest

from surveys.domain.states import InvitationState
from surveys.models import Campaign, Invitation
from surveys.services.campaigns.plan import plan_due
from tests.world import (
    DAY,
    HOUR,
    WINDOW,
    claim,
    finish,
    make_campaign,
    make_customer,
    make_respondent,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

START = dt.datetime(2027, 1, 4, tzinfo=dt.UTC)
OFFICE = {
    "starts_at": START, "send_from": dt.time(9), "send_until": dt.time(18),
    "weekdays": [0, 1, 2, 3, 4], "per_hour": 1,
}  # fmt: skip
# As few ticks as there can be: fewer would miss days.
TICK = 13
RENEWALS = [START.date() + (40 + 37 * each) * DAY for each in range(8)]


def renewals_on(day: dt.date) -> list[dt.date]:
    """The next one of each customer, as an import would bring it some days after the last one."""
    told = day - dt.timedelta(days=15)
    return [next(d for n in range(9) if (d := each + 365 * n * DAY) >= told) for each in RENEWALS]


def send_until(end: dt.datetime) -> None:
    waiting = Invitation.objects.filter(state="queued", send_at__lt=end).order_by("send_at")
    for each in waiting:
        assert each.send_at is not None
        assert claim(each, now=each.send_at)
        finish(each, InvitationState.SENT, now=each.send_at)


def test_three_years_keep_the_cap_the_reserved_slots_the_days_and_the_pace() -> None:
    customers = [make_customer() for _ in RENEWALS]
    for each in customers:
        make_respondent(customer=each)
    for months in (4, 5):
        make_campaign(**OFFICE, repeat="every", every_months=months)
    renewal = make_campaign(
        **OFFICE, repeat="date", date_name="renews_on", date_days=-30, latest_days=45,
        reserves_slot=True, minimum_gap_days=30,
    )  # fmt: skip
    for tick in range(3 * 365 // TICK):
        now = START + tick * TICK * DAY
        if tick % 4 == 0:
            for each, day in zip(customers, renewals_on(now.date()), strict=True):
                each.renews_on = day
                each.save(update_fields=["renews_on"])
        plan_due(now=now, thorough=True)
        send_until(now + TICK * DAY)

    check_cap()
    check_days_and_pace()
    asked = renewal.invitations.filter(state="sent").count()
    # Of each customer in every year, though the ticks come late and so do its slots.
    assert asked == 8 * 3
    others = Invitation.objects.filter(state="sent").exclude(campaign=renewal)
    # A slot a year is left to the others, and nearly always used.
    assert others.count() >= 8 * 3 - 4


def check_cap() -> None:
    sent: dict[int, list[dt.datetime]] = {}
    for person, at in Invitation.objects.order_by("sent_at").values_list("person", "sent_at"):
        sent.setdefault(person, []).append(at)
    for moments in sent.values():
        assert all(
            third - first >= WINDOW for first, third in zip(moments, moments[2:], strict=False)
        )


def check_days_and_pace() -> None:
    for campaign in Campaign.objects.all():
        rows = campaign.invitations.order_by("send_at").values_list("send_at", "ask_by")
        assert all(at.weekday() < 5 and 9 <= at.hour < 18 and at < by for at, by in rows)
        assert all(later[0] - one[0] >= HOUR for one, later in pairwise(rows))
