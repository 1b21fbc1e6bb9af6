from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from accounts.models import CustomerTerms
from analytics.queries.facts.terms import renewal_dates, terms_on
from tests.customer_facts import TODAY, day
from tests.world import make_customer

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
SPRING, AUTUMN = dt.date(2027, 4, 1), dt.date(2027, 10, 1)


def test_terms_are_those_known_by_the_day_else_the_earliest() -> None:
    customer, late = make_customer(), make_customer()
    CustomerTerms.objects.create(customer=customer, known_from=day(20), renews_on=SPRING, seats=5)
    CustomerTerms.objects.create(customer=customer, known_from=day(5), renews_on=AUTUMN, seats=9)
    CustomerTerms.objects.create(customer=late, known_from=day(1), seats=3)

    before, now = terms_on(day(10)), terms_on(TODAY)

    assert list(before.loc[customer.pk]) == [pd.Timestamp(SPRING), 5.0]
    assert list(now.loc[customer.pk]) == [pd.Timestamp(AUTUMN), 9.0]
    assert before.loc[late.pk, "seats"] == 3
    assert pd.isna(now.loc[late.pk, "renews_on"])


def test_each_renewal_date_is_there_once_with_the_day_it_became_known() -> None:
    customer = make_customer()
    for back, renews_on in ((20, SPRING), (10, SPRING), (5, AUTUMN), (1, None)):
        CustomerTerms.objects.create(
            customer=customer, known_from=day(back), renews_on=renews_on, seats=back
        )

    found = renewal_dates()

    assert list(found["renews_on"]) == [pd.Timestamp(SPRING), pd.Timestamp(AUTUMN)]
    assert list(found["known_from"]) == [pd.Timestamp(day(20)), pd.Timestamp(day(5))]
