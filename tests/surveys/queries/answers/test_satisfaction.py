from __future__ import annotations

import pytest

from surveys.models import Response
from surveys.queries.answers.satisfaction import gave_satisfaction
from tests.analytics import world

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_each_campaign_is_asked_by_its_own_question() -> None:
    spring, autumn = world.satisfaction_campaign(), world.satisfaction_campaign("in")
    world.give_satisfaction(spring, 5, 3, "5", [5], None, 5.5)
    world.give_satisfaction(autumn, 4, key="in")
    # The other campaign's key, in whatever sense it was asked there.
    world.give_satisfaction(autumn, 5, key="support")

    def given(*values: str) -> int:
        return Response.objects.filter(gave_satisfaction(values)).count()

    assert given("4", "5") == 2
    assert given("3") == 1
    assert given() == 0
