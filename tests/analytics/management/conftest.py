from __future__ import annotations

import pytest

from tests.analytics import world


@pytest.fixture
def one_customer(db: None) -> None:
    """Of a plan that a spreadsheet would run, with three answers."""
    world.make_dimension("plan")
    customer = world.make_customer(plan="=1+1, gold", mrr={"2026-03": 30})
    world.give_scores(customer, world.make_campaign(slug="spring"), 10, 9, 0)
