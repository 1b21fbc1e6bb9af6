from __future__ import annotations

import pytest

from surveys.models import Invitation
from surveys.queries.segments import in_segments
from tests.analytics import world

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_answers_are_found_by_what_was_frozen_and_by_what_was_not() -> None:
    world.make_dimension("plan")
    campaign = world.make_campaign()
    for plan in ("gold", "3", ""):
        customer = world.make_customer(**({"plan": plan} if plan else {}))
        world.ask(world.make_respondent(customer), campaign)
        customer.attributes = {"plan": "gold"}
        customer.save()
    Invitation.objects.filter(pk=world.ask(world.make_respondent(), campaign).pk).update(
        profile=None
    )

    def number(**segments: list[str]) -> int:
        return Invitation.objects.filter(in_segments(segments)).count()

    assert (number(plan=["gold"]), number(plan=["3"]), number(plan=["gold", "3"])) == (1, 1, 2)
    assert (number(plan=[""]), number(plan=["", "gold"]), number(plan=["none"])) == (2, 3, 0)
    assert number(plan=[""], other=["gold"]) == 0
