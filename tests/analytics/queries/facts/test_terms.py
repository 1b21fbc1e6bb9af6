from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from accounts.models import CustomerTerms, Pulse
from analytics.queries.facts.terms import pulses_on, renewal_dates, terms_on
from tests.customer_facts import TODAY, day
from tests.world import NOW, make_customer

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


def test_a_pulse_counts_for_ninety_days_and_the_latest_one_is_taken() -> None:
    customer, old = make_customer(), make_customer()
    for back, value in ((60, 3), (10, 8)):
        at = NOW - dt.timedelta(days=back)
        Pulse.objects.create(customer=customer, at=at, value=value, reason="-")
    Pulse.objects.create(customer=old, at=NOW - dt.timedelta(days=91), value=1, reason="-")

    assert pulses_on(TODAY).to_dict() == {customer.pk: 8.0}
    assert pulses_on(day(30)).to_dict() == {customer.pk: 3.0, old.pk: 1.0}
    assert pulses_on(TODAY + dt.timedelta(days=90)).empty
