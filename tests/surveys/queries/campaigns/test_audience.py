from __future__ import annotations

import pytest

from accounts.models import Dimension
from surveys.domain.eligibility import Reason
from surveys.services.campaigns import plan
from tests.surveys.helpers.planned import planned
from tests.world import (
    NOW,
    make_campaign,
    make_customer,
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


def test_respondent_without_a_customer_is_outside_the_audience() -> None:
    respondent = make_respondent()
    type(respondent).objects.filter(pk=respondent.pk).update(customer=None)
    preview = plan.preview(make_campaign(), now=NOW)
    assert preview.reasons == {Reason.OUTSIDE_AUDIENCE: 1}
