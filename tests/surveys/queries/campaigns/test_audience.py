from __future__ import annotations

import datetime as dt

import pytest

from accounts.domain.segments import TENURE
from accounts.models import Dimension
from surveys.domain.eligibility import Reason
from surveys.models import Attempt, Campaign
from surveys.queries.calendar.days import day_of
from surveys.queries.campaigns.planning import decisions
from surveys.sending.mails import Mail, Unmailable, read_mails
from surveys.services.campaigns import plan
from tests.surveys.helpers.planned import planned
from tests.world import (
    DAY,
    NOW,
    make_campaign,
    make_customer,
    make_invitation,
    make_respondent,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


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


def test_a_span_is_of_what_the_segment_reads_whatever_it_is_called() -> None:
    Dimension.objects.create(name="size", attribute="employees", source="customer")
    wanted = make_respondent(customer=make_customer(attributes={"employees": "120"}))
    make_respondent(customer=make_customer(attributes={"employees": "99"}))
    campaign = make_campaign(ranges={"size": {"from": "100"}})
    plan.plan_campaign(campaign, now=NOW)
    assert [pk for pk, _ in planned(campaign)] == [wanted.pk]


def test_respondent_without_a_customer_is_outside_the_audience() -> None:
    respondent = make_respondent()
    type(respondent).objects.filter(pk=respondent.pk).update(customer=None)
    preview = plan.preview(make_campaign(), now=NOW)
    assert preview.reasons == {Reason.OUTSIDE_AUDIENCE: 1}


def test_audience_by_tenure() -> None:
    Dimension.objects.create(
        name="tenure",
        attribute=TENURE,
        source="customer",
        bands={"thresholds": ["3"], "labels": ["new", "old"]},
    )
    year_ago, last_month = (NOW.date() - dt.timedelta(days=back) for back in (365, 30))
    wanted = make_respondent(customer=make_customer(started_on=year_ago))
    make_respondent(customer=make_customer(started_on=last_month))
    campaign = make_campaign(audience={"tenure": ["old"]})
    plan.plan_campaign(campaign, now=NOW)
    assert [pk for pk, _ in planned(campaign)] == [wanted.pk]


def test_a_campaign_of_those_who_left_asks_them_alone_until_its_email_leaves() -> None:
    gone = make_respondent(customer=make_customer(churned_on=day_of(NOW) - 10 * DAY))
    make_respondent()
    campaign = make_campaign(asks_former=True)

    asked = [
        each.facts.respondent_id
        for batch in decisions(campaign, now=NOW)
        for each in batch
        if each.decision.reason is Reason.ASKED
    ]
    assert asked == [gone.pk]
    invitation = make_invitation(gone, campaign)
    [mail] = read_mails([invitation.pk], kind=Attempt.Kind.SURVEY, now=NOW)
    assert isinstance(mail, Mail)
    Campaign.objects.update(asks_former=False)
    [mail] = read_mails([invitation.pk], kind=Attempt.Kind.SURVEY, now=NOW)
    assert isinstance(mail, Unmailable)
