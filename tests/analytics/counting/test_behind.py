"""The customers behind a figure are the rows that it is the sum of."""

from __future__ import annotations

import datetime as dt

import pytest

from accounts.models import Customer, MonthlyRevenue
from analytics.counting.behind import Asked, customers_behind
from analytics.domain.periods import Period, month_of
from analytics.queries.filters import Filters
from tests.analytics import world

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

QUARTER = Period.from_inclusive(dt.date(2026, 4, 1), dt.date(2026, 6, 30))
TODAY = dt.date(2026, 12, 31)


def names(figure: str, *, horizon: int = 0, **filters: object) -> str:
    asked = Asked(figure, Filters(QUARTER, **filters), TODAY, horizon_days=horizon)
    found = Customer.objects.filter(pk__in=customers_behind(asked)).order_by("name")
    return " ".join(found.values_list("name", flat=True))


@pytest.fixture
def five(db: None) -> None:
    world.make_dimension("plan")
    early, late = dt.date(2025, 1, 1), dt.date(2026, 5, 1)
    for name, started, left, mrr in (
        ("grew", early, None, {"2026-03": 10, "2026-06": 20}),
        ("shrank", early, None, {"2026-03": 10, "2026-06": 5}),
        ("left", early, dt.date(2026, 5, 5), {"2026-03": 10}),
        ("new", late, None, {"2026-06": 10}),
        ("again", early, None, {"2026-01": 10, "2026-06": 10}),
    ):
        world.make_customer(name=name, started_on=started, churned_on=left, mrr=mrr, plan=name[0])


@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        ("at_start", "again grew left shrank"),
        ("churned", "left"),
        ("stayed", "again grew shrank"),
        ("mrr_more", "grew"),
        ("mrr_start", "grew left shrank"),
        ("mrr_lost", "left shrank"),
        ("moved_lost", "left shrank"),
        ("moved_new", "new"),
        ("moved_reactivated", "again"),
        ("moved_expansion", "grew"),
        ("moved_contraction", "shrank"),
        ("moved_churned", "left"),
        ("moved_end", "again grew new shrank"),
        ("started", "new"),
        ("first_paid", ""),
    ],
)
@pytest.mark.usefixtures("five")
def test_each_figure_has_its_customers(figure: str, expected: str) -> None:
    assert names(figure) == expected


@pytest.mark.usefixtures("five")
def test_who_first_paid_in_a_month() -> None:
    asked = Asked("first_paid", Filters(month_of(dt.date(2026, 6, 1))), TODAY)

    assert [Customer.objects.get(pk=pk).name for pk in customers_behind(asked)] == ["new"]


def test_each_movement_of_a_product_has_its_customers() -> None:
    for name, before, after in (
        ("more", [("base", 10, 1)], [("base", 20, 2)]),
        ("dearer", [("base", 10, 1)], [("base", 20, 1)]),
        ("further", [("base", 10, 1)], [("base", 10, 1), ("extra", 5, 1)]),
        ("less", [("base", 10, 1)], [("base", 5, 1)]),
        ("left", [("base", 10, 1)], []),
    ):
        customer = world.make_customer(name=name)
        for month, lines in ((3, before), (6, after)):
            for product, mrr, quantity in lines:
                MonthlyRevenue.objects.create(
                    customer=customer,
                    month=dt.date(2026, month, 1),
                    product=product,
                    mrr=mrr,
                    quantity=quantity,
                )

    assert names("product_expansion") == "more"
    assert names("product_upgrade") == "dearer"
    assert names("product_cross_sell") == "further"
    assert names("product_contraction") == "less"
    assert names("product_stayed") == "dearer further less more"
    assert names("hits:upsell_rate") == "dearer"
    assert names("hits:cross_sell_rate") == "further"
    assert names("units:cross_sell_rate") == "dearer further left less more"


@pytest.mark.usefixtures("five")
def test_who_answered_in_a_campaign_and_a_language() -> None:
    spring, other = world.make_campaign(slug="spring"), world.make_campaign()
    for name, campaign, language, comment in (
        ("grew", spring, "ja", "x"),
        ("left", spring, "en", ""),
        ("again", other, "en", "y"),
    ):
        customer = Customer.objects.get(name=name)
        asked = world.ask(world.make_respondent(customer, language=language), campaign)
        world.answer(asked, 9, comment=comment)

    assert names("hits:feedback_rate") == "again grew left"
    assert names("hits:feedback_rate", campaign="spring") == "grew left"
    assert names("hits:comment_rate", language="en") == "again"
    assert names("hits:comment_rate", campaign="spring") == "grew"
    assert names("misses:feedback_rate", campaign="spring", language="ja") == "again left shrank"
    assert names("units:feedback_rate", campaign="spring") == "again grew left shrank"


@pytest.mark.usefixtures("five")
def test_a_segment_and_an_owner_choose_among_them() -> None:
    Customer.objects.filter(name="left").update(owner_email="Me@koe.example")

    assert names("mrr_lost", where={"plan": ["s"]}) == "shrank"
    assert names("mrr_lost", owner="me@koe.example") == "left"
    assert names("moved_churned", owner="me@koe.example") == "left"
    assert names("moved_contraction", owner="me@koe.example") == ""


@pytest.mark.usefixtures("five")
def test_an_attribute_of_respondents_has_no_customers() -> None:
    world.make_dimension("role", source="respondent")

    assert names("churned", where={"role": ["Buyer"]}) == ""


def test_outcomes_are_those_of_the_group_within_the_horizon() -> None:
    campaign = world.make_campaign()
    for name, left in (
        ("soon", dt.date(2026, 6, 1)),
        ("later", dt.date(2026, 11, 1)),
        ("stays", None),
    ):
        customer = world.make_customer(name=name, churned_on=left)
        world.give_scores(customer, campaign, 2)

    assert names("asked:detractor") == "later soon stays"
    assert names("left:detractor", horizon=90) == "soon"
    assert names("still_there:detractor") == "stays"
    assert names("asked:promoter") == ""
