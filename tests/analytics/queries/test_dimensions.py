"""The order of the dimensions, and which of them reports split by of their own accord."""

from __future__ import annotations

import pytest

from analytics.queries.dimensions import best_dimensions, frozen_values, known_dimensions
from tests.analytics import world

pytestmark = pytest.mark.django_db


def test_the_admins_order_holds_and_customers_come_first_where_there_is_none() -> None:
    world.make_dimension("role", source="respondent")
    world.make_dimension("zone")
    assert [each.name for each in known_dimensions()] == ["zone", "role"]

    world.make_dimension("alpha", position=2)
    world.make_dimension("title", source="respondent", position=1)
    assert [each.name for each in known_dimensions()] == ["zone", "role", "title", "alpha"]


def test_what_was_frozen_decides_which_tell_something() -> None:
    for name in ("country", "plan", "remarks"):
        world.make_dimension(name)
    campaign = world.make_campaign()
    for plan in ("gold", "tin"):
        customer = world.make_customer(country="JP", plan=plan, remarks=f"likes {plan}")
        world.give_scores(customer, campaign, 10)

    known = known_dimensions()

    assert frozen_values(known)["plan"] == {"gold", "tin"}
    assert [each.name for each in best_dimensions(known)] == ["plan", "country"]
