"""Customers that were asked in a window, with their first answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from random import Random

import numpy as np
import pytest
from django.test import override_settings

from accounts.models import Customer, MonthlyRevenue
from analytics.counting import asked_customers
from analytics.counting.asked_customers import read_asked_customers
from analytics.counting.cells import folding
from analytics.domain.periods import ONE_DAY, Period
from analytics.reports.outcomes import outcome_report
from surveys.domain.states import ASKED
from surveys.models import Invitation
from tests.analytics import world

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
APRIL = Period(dt.date(2026, 4, 1), dt.date(2026, 5, 1))
TODAY = dt.date(2026, 11, 22)


def test_a_customer_has_its_first_invitation_and_its_first_counted_answer() -> None:
    campaign, customer = world.make_campaign(), world.make_customer(name="Aoba")
    late, early, scanned = (
        world.ask(world.make_respondent(customer), campaign, sent=f"2026-04-{day}T12:00+00:00")
        for day in ("20", "10", "12")
    )
    world.answer(scanned, 9, at="2026-04-12T12:00+00:00", suspect=True)
    world.answer(late, 7, at="2026-04-21T12:00+00:00")
    world.answer(early, 3, at="2026-04-22T12:00+00:00")

    row = read_asked_customers(APRIL).loc[customer.pk]

    assert (row["name"], row["customer_id"]) == ("Aoba", customer.customer_id)
    assert row["first_invited_on"] == dt.date(2026, 4, 10)
    assert (row["first_answered_on"], row["first_score"]) == (dt.date(2026, 4, 21), 7)


def test_only_who_was_asked_in_the_window_and_has_a_customer() -> None:
    campaign = world.make_campaign()
    customers = {
        sent: world.make_customer(churned_on=dt.date(2026, 9, 9))
        for sent in ("2026-03-31T23:59", "2026-04-01T00:00", "2026-05-01T00:00")
    }
    for sent, customer in customers.items():
        world.ask(world.make_respondent(customer), campaign, sent=f"{sent}+00:00")
    world.ask(world.make_respondent(), campaign)
    never = world.make_respondent(world.make_customer())
    world.ask(never, campaign, state="failed")

    found = read_asked_customers(APRIL)

    assert found.index.tolist() == [customers["2026-04-01T00:00"].pk]
    assert found["churned_on"].tolist() == [dt.date(2026, 9, 9)]
    assert found["first_score"].isna().all()


def test_an_import_without_a_date_of_asking_counts_from_its_answer() -> None:
    customer = world.make_customer()
    imported = world.ask(world.make_respondent(customer), world.make_campaign(), sent=None)
    world.answer(imported, 2, at="2026-04-30T12:00+00:00")

    assert read_asked_customers(APRIL).loc[customer.pk, "first_invited_on"] == dt.date(2026, 4, 30)
    assert read_asked_customers(Period(dt.date(2026, 5, 1), dt.date(2026, 6, 1))).empty


def test_mrr_is_that_of_the_last_month_end_alone() -> None:
    pays = world.make_customer(mrr={"2026-09": 10, "2026-10": 20})
    gone = world.make_customer(mrr={"2026-09": 30})
    for customer in (pays, gone):
        world.ask(world.make_respondent(customer), world.make_campaign())

    mrr = read_asked_customers(APRIL)["mrr"]

    assert mrr.loc[pays.pk] == 20.0
    # No row in the month is nothing paid, as the contract of the file says.
    assert mrr.loc[gone.pk] == 0


def test_an_amount_without_a_rate_is_not_known_and_no_row_is_nothing() -> None:
    """Not zero: the customer pays, nobody can say how much in the currency of reports."""
    campaign = world.make_campaign()
    customers = [world.make_customer(mrr={"2026-10": 100}) for _ in range(3)]
    MonthlyRevenue.objects.filter(customer=customers[1]).update(currency="USD")
    MonthlyRevenue.objects.filter(customer=customers[2]).delete()
    MonthlyRevenue.objects.filter(customer=customers[0]).update(currency="JPY")
    for customer in [*customers, world.make_customer(mrr={"2026-10": 7})]:
        world.give_scores(customer, campaign, 2)
    MonthlyRevenue.objects.filter(mrr=7).update(currency="JPY")

    mrr = read_asked_customers(APRIL)["mrr"]
    report = outcome_report(APRIL, horizon_days=180, today=TODAY)

    assert [mrr[each.pk] for each in (customers[0], customers[2])] == [100, 0]
    assert np.isnan(mrr[customers[1].pk])
    assert report.mrr_at_risk == 107
    assert [each.mrr for each in report.at_risk] == [100, 7, 0, None]
    assert [each.currency for each in report.money.left_out] == ["USD"]
    MonthlyRevenue.objects.exclude(currency="USD").delete()
    Customer.objects.exclude(pk=customers[1].pk).update(churned_on=dt.date(2026, 5, 1))
    with override_settings(CURRENCY="JPY"):
        assert outcome_report(APRIL, horizon_days=180, today=TODAY).mrr_at_risk is None


def days_and_scores(window: Period) -> Iterator[tuple[int, tuple[object, ...]]]:
    """By customer, invitation by invitation: the oracle."""
    asked: dict[int, list[dt.date]] = {}
    answered: dict[int, list[tuple[dt.datetime, int, int]]] = {}
    rows = Invitation.objects.filter(state__in=ASKED).select_related("response", "respondent")
    for row in rows:
        customer, response = row.respondent.customer_id, getattr(row, "response", None)
        moment = row.sent_at or (response.answered_at if response else None)
        if customer and moment and window.start <= moment.date() < window.end:
            asked.setdefault(customer, []).append(moment.date())
            if response and not response.suspect:
                told = response.answered_at, response.pk, response.score
                answered.setdefault(customer, []).append(told)
    for customer, days in asked.items():
        first = min(answered.get(customer, [(None, 0, None)]))
        yield customer, (min(days), first[0] and first[0].date(), first[2])


@pytest.mark.parametrize("named", [0, asked_customers.NAMED])
def test_the_kept_counts_say_what_going_through_every_invitation_does(
    named: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asked_customers, "NAMED", named)
    chance = Random(named)
    customers = [world.make_customer() for _ in range(9)]
    people = [world.make_respondent(customers[place % 9]) for place in range(20)]
    unknown = world.make_respondent()
    for number in range(90):
        # What is sent is sent after what was counted.
        day = chance.randrange(100) if number <= 60 else 109 + chance.randrange(40)
        sent = dt.datetime(2026, 2, 1, 12, tzinfo=dt.UTC) + day * ONE_DAY
        state = chance.choice(["sent", "sent", "sent", "unknown", "failed"])
        undated = chance.random() < 0.1
        invitation = world.ask(
            chance.choice([*people, unknown]), world.make_campaign(), state=state,
            sent=None if undated else sent.isoformat(),
        )  # fmt: skip
        if undated or chance.random() < 0.4:
            at = (sent + chance.randrange(40) * ONE_DAY).isoformat()
            suspect = chance.random() < 0.2
            world.answer(invitation, chance.randrange(11), at=at, suspect=suspect)
        if number == 60:
            folding.fold_all()
            folding.close_invitations(now=dt.datetime(2026, 5, 20, tzinfo=dt.UTC), months=9)
    unknown.customer = customers[0]
    unknown.save()

    for start, end in ((2, 9), (4, 5), (3, 6), (6, 7)):
        window = Period(dt.date(2026, start, 1), dt.date(2026, end, 1))
        found = read_asked_customers(window)
        columns = ["first_invited_on", "first_answered_on", "first_score"]
        told = found[columns].astype(object).where(found[columns].notna(), None)
        assert dict(zip(found.index, told.itertuples(index=False, name=None), strict=True)) == dict(
            days_and_scores(window)
        )
