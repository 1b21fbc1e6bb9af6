from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from accounts.models import (
    Customer,
    CustomerTerms,
    Dimension,
    Event,
    ExchangeRate,
    MonthlyRevenue,
)
from actions.domain.rules.triggers import DEFAULTS, Rule, Trigger
from actions.queries.rules.facts import occasions, occasions_of_year
from analytics.models import HealthOverride, HealthScore
from analytics.views.health.example import EXAMPLE
from tests.actions.health import scored
from tests.world import NOW, answer, make_customer, make_invitation, make_respondent

pytestmark = pytest.mark.django_db
TODAY, DAY = NOW.date(), dt.timedelta(days=1)


def rule(trigger: Trigger, **fields) -> Rule:
    return replace(DEFAULTS[trigger], is_active=True, **fields)


def test_renewals_where_health_is_known_and_not_good() -> None:
    bad, good, unknown, far = (make_customer() for _ in range(4))
    for each, days in ((bad, 30), (good, 30), (unknown, 30), (far, 200)):
        CustomerTerms.objects.create(
            customer=each, known_from=TODAY - DAY, renews_on=TODAY + days * DAY
        )
    scored(bad, "worst")
    scored(good, "best")
    scored(far, "worst")

    assert occasions(rule(Trigger.RENEWAL), on=TODAY) == {bad.pk: "2026-12-24"}
    # A date that became known later is not known before.
    assert occasions(rule(Trigger.RENEWAL), on=TODAY - 2 * DAY) == {}


@pytest.mark.parametrize(("rate", "fell"), [(None, False), (150, False), (40, True)])
def test_mrr_that_is_billed_in_another_currency_has_fallen_by_its_rate_or_is_not_known_to(
    rate: int | None, fell: bool
) -> None:
    customer, other = make_customer(), make_customer()
    for each, month, mrr, currency in (
        (customer, 9, 100_000, "JPY"), (customer, 10, 700, "USD"),
        (other, 9, 700, "USD"), (other, 10, 700, "USD"), (make_customer(), 9, 1, "JPY"),
    ):  # fmt: skip
        MonthlyRevenue.objects.create(
            customer=each, month=dt.date(2026, month, 1), mrr=mrr, currency=currency
        )
    MonthlyRevenue.objects.create(
        customer=make_customer(), month=dt.date(2026, 8, 1), mrr=1, currency="JPY"
    )
    if rate:
        ExchangeRate.objects.create(month=dt.date(2026, 10, 1), currency="USD", rate=rate)

    assert set(occasions(rule(Trigger.CONTRACTION, level=20), on=TODAY)) == (
        {customer.pk} if fell else set()
    )


def test_mrr_that_fell_last_month_and_is_not_gone() -> None:
    fell, gone, grew, churned = (make_customer() for _ in range(4))
    Customer.objects.filter(pk=churned.pk).update(churned_on=TODAY)
    for each, before, after in ((fell, 100, 80), (gone, 100, 0), (grew, 80, 100), (churned, 9, 1)):
        for month, mrr in ((9, before), (10, after)):
            MonthlyRevenue.objects.create(customer=each, month=dt.date(2026, month, 1), mrr=mrr)

    assert occasions(rule(Trigger.CONTRACTION), on=TODAY) == {fell.pk: "2026-10"}
    assert occasions_of_year(rule(Trigger.CONTRACTION), today=TODAY) == 2


def test_the_worst_band_come_into_lately() -> None:
    fell, always, back = (make_customer() for _ in range(3))
    scored(fell, "best", "best", "worst", "worst")
    scored(always, "worst", "worst", "worst")
    scored(back, "best", "worst", "best")

    assert occasions(rule(Trigger.BAND), on=TODAY) == {fell.pk: "2026-11-22"}
    assert occasions(rule(Trigger.BAND), on=TODAY - 10 * DAY) == {}


def test_what_is_not_known_of_the_last_night_takes_nothing_back_and_a_hand_set_band_does() -> None:
    unknown, cared_for = make_customer(), make_customer()
    for each in (unknown, cared_for):
        scored(each, "best", "worst", "worst")
    HealthScore.objects.filter(customer=unknown, day=TODAY - DAY).update(band="", score=None)
    HealthOverride.objects.create(
        customer=cared_for, band=EXAMPLE["bands"][0]["name"], reason="We know better.",
        since=TODAY - DAY, until=TODAY + DAY, created_at=NOW,
    )  # fmt: skip

    assert occasions(rule(Trigger.BAND), on=TODAY) == {unknown.pk: "2026-11-22"}


def test_onboarding_that_is_late_once_any_is_known_to_be_completed() -> None:
    late, done, new = (make_customer(started_on=TODAY - days * DAY) for days in (100, 100, 50))
    assert occasions(rule(Trigger.ONBOARDING), on=TODAY) == {}

    Event.objects.create(
        customer=done, kind="onboarding_completed", at=NOW - 20 * DAY, known_from=TODAY
    )
    assert occasions(rule(Trigger.ONBOARDING), on=TODAY) == {late.pk: "2026-08-16"}
    assert new.pk in occasions(rule(Trigger.ONBOARDING, level=30), on=TODAY)


def test_of_thinned_history_the_night_before_is_the_one_that_was_kept() -> None:
    fell, always = make_customer(), make_customer()
    for each, before in ((fell, "best"), (always, "worst")):
        scored(each, before, until=dt.date(2026, 3, 31))
        scored(each, "worst", until=dt.date(2026, 4, 30))

    found = occasions(rule(Trigger.BAND), on=dt.date(2026, 5, 4))
    assert found == {fell.pk: "2026-04-30"}


def test_a_key_person_that_was_asked_and_has_not_answered_since() -> None:
    Dimension.objects.create(name="role", source="respondent", attribute="role")
    silent, early, spoke, other, imported = (make_customer() for _ in range(5))
    for customer, role, days in (
        (silent, "buyer", 14), (early, "buyer", 13), (spoke, "buyer", 20), (other, "user", 20)
    ):  # fmt: skip
        asked = make_respondent(customer=customer, role=role)
        invitation = make_invitation(asked, state="sent", sent_at=NOW - days * DAY)
        if customer == spoke:
            answer(invitation, 9, at=NOW - 2 * DAY)
    make_invitation(
        make_respondent(customer=imported, role="buyer"), sent_at=NOW - 20 * DAY, reason="imported"
    )
    of_buyers = rule(Trigger.SILENCE, key="role=buyer")

    assert occasions(of_buyers, on=TODAY) == {silent.pk: (TODAY - 14 * DAY).isoformat()}
    # Before the answer came, it was missing; nobody is one where nobody has said who.
    assert set(occasions(of_buyers, on=TODAY - 3 * DAY)) == {spoke.pk}
    assert occasions(rule(Trigger.SILENCE), on=TODAY) == {}
    # What was sent long before the rule was in use is no news.
    assert occasions(of_buyers, on=TODAY + 100 * DAY) == {}
