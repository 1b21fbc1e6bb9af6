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


def test_short_remarks_under_an_ordinary_name_are_never_the_default_split() -> None:
    """The admin even put them first."""
    for position, name in enumerate(("situation", "plan", "mood"), start=1):
        source = "respondent" if name == "mood" else "customer"
        world.make_dimension(name, source=source, position=position)
    campaign = world.make_campaign()
    for number in range(8):
        customer = world.make_customer(
            plan="gold" if number % 2 else "tin", situation=f"asked for {number}"
        )
        respondent = world.make_respondent(customer, attributes={"mood": f"calm {number}"})
        world.answer(world.ask(respondent, campaign), 9)

    assert [each.name for each in best_dimensions(known_dimensions())] == ["plan"]
