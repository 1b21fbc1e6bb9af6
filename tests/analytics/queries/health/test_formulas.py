from __future__ import annotations

import pytest

from analytics.queries.health.formulas import customer_dimensions, formulas_in_force
from tests.analytics import world
from tests.analytics.health import publish

pytestmark = pytest.mark.django_db


def test_formulas_come_in_their_order_and_segments_by_their_labels() -> None:
    world.make_dimension("contract", label="Contract")
    world.make_dimension("role", source="respondent")
    publish(name="All")
    publish(name="Large", applies_to={"contract": ["enterprise"]})

    assert [(each.name, each.version) for each in formulas_in_force()] == [("Large", 1), ("All", 1)]
    assert customer_dimensions() == {"contract": "Contract"}
