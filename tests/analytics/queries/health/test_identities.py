from __future__ import annotations

import pytest

from analytics.queries.health.identities import identities
from tests.analytics import world
from tests.analytics.health import DAY

pytestmark = pytest.mark.django_db


def test_customers_have_their_segments_where_asked() -> None:
    world.make_dimension("plan")
    customer = world.make_customer(plan="gold", name="Acme")

    assert identities(DAY)[customer.pk].segment == {}
    assert identities(DAY, by=("plan",))[customer.pk].segment == {"plan": "gold"}
