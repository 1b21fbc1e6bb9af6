"""What the outcomes page says in words, and the customers behind the MRR at risk."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.utils import timezone

from tests.analytics import world
from tests.staffing import client_as

pytestmark = pytest.mark.django_db


def followed(*, score: int | None, stays: int, leaves: int, asked_ago: int = 300) -> None:
    """Who leaves does so 60 days after the landmark."""
    asked = timezone.localdate() - dt.timedelta(days=asked_ago)
    campaign = world.make_campaign()
    for place in range(stays + leaves):
        gone = asked + dt.timedelta(days=90) if place < leaves else None
        customer = world.make_customer(
            name=f"Score {score} no {place}", churned_on=gone,
            mrr={f"{timezone.localdate():%Y-%m}": 0 if gone else 100 + place},
        )  # fmt: skip
        sent = f"{asked}T12:00+00:00"
        invitation = world.ask(world.make_respondent(customer), campaign, sent=sent)
        if score is not None:
            world.answer(invitation, score, at=sent)


def test_every_withheld_rate_says_why() -> None:
    followed(score=10, stays=20, leaves=4)
    followed(score=7, stays=8, leaves=1)
    followed(score=0, stays=12, leaves=6)
    followed(score=None, stays=12, leaves=0, asked_ago=100)

    page = client_as("viewer").get("/analytics/outcomes/?horizon=90").content.decode()

    assert "Promoters: 4 of 24 customers left within 90 days; from 5 on a rate is shown." in page
    assert "Passives: only 9 customers were followed; a rate needs 10." in page
    assert "No answer: fewer than 10 customers could be followed for 90 days" in page
    assert "<li>Detractors: " not in page


def test_each_pair_of_groups_is_compared_in_words() -> None:
    followed(score=10, stays=30, leaves=2)
    followed(score=7, stays=16, leaves=1)
    followed(score=0, stays=4, leaves=20)

    page = client_as("viewer").get("/analytics/outcomes/?horizon=90").content.decode()

    assert "corrected for testing several pairs (Holm)" in page
    assert "Promoters and Detractors leave at different rates (p &lt; 0.001)." in page
    assert "Passives and Detractors leave at different rates (p &lt; 0.001)." in page
    # 3 of 49 left: too few for a test.
    assert "Promoters and Passives" not in page


def test_customers_at_risk_are_listed_with_what_they_pay_dearest_first() -> None:
    followed(score=0, stays=12, leaves=6)

    context = client_as("admin").get("/analytics/outcomes/").context

    listed = context["customers"]
    assert [each.mrr for each in listed] == sorted((106.0 + n for n in range(12)), reverse=True)
    row = context["report"].outcomes.row("detractor")
    assert sum(each.mrr for each in listed) == row.mrr_at_risk == 1_338.0


def test_the_table_under_the_curves_has_their_heights() -> None:
    followed(score=0, stays=12, leaves=8)
    followed(score=10, stays=9, leaves=0)

    context = client_as("viewer").get("/analytics/outcomes/").context

    curves = dict(context["curves"])
    assert context["curve_days"][:3] == (0, 90, 180)
    assert curves["Detractors"][:3] == [(1.0, 20), (pytest.approx(0.6), 12), (0.6, 12)]
    # Nine are too few for a line, and too few for its figures.
    assert curves["Promoters"][0] == (None, 9)


def test_the_page_says_who_is_in_no_group_and_whom_the_risk_is_against() -> None:
    followed(score=10, stays=40, leaves=4)
    followed(score=8, stays=12, leaves=6)
    followed(score=0, stays=15, leaves=15)
    followed(score=9, stays=3, leaves=0, asked_ago=10)

    response = client_as("viewer").get("/analytics/outcomes/?horizon=90")
    page = response.content.decode()

    assert "3 customers have the landmark still to come." in page
    assert "had left by the landmark" not in page
    assert "Risk against all others" in page
    assert "Risk against promoters" not in page
    risks = {row.group: risk for row, _, risk in response.context["rows"]}
    assert risks["promoter"] is None
    assert risks["detractor"]["ratio"] == pytest.approx((15 / 30) / (10 / 62))
    # The rate of promoters is withheld: neither the curve nor the table below it has it.
    assert all(share is None for share, _ in dict(response.context["curves"])["Promoters"])
    assert "Still customers, and in brackets" in page


def test_only_the_revenue_of_detractors_is_called_at_risk() -> None:
    followed(score=10, stays=40, leaves=5)
    followed(score=0, stays=2, leaves=10)

    page = client_as("viewer").get("/analytics/outcomes/?horizon=90").content.decode()

    assert page.count("MRR at risk: detractors that are still customers (") == 1
    assert ">MRR at risk</th>" not in page
    assert "Risk against promoters" in page


def test_intervals_read_as_on_every_other_page() -> None:
    followed(score=0, stays=12, leaves=8)

    page = client_as("viewer").get("/analytics/outcomes/").content.decode()

    assert re.search(r"<td class=\"number\">\d+\.\d\s% to \d+\.\d\s%</td>", page)
