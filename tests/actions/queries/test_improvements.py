from __future__ import annotations

import pytest
from django.utils import timezone

from actions.domain.follow_ups.causes import Cause
from actions.models import FollowUp
from actions.queries.improvements import origins_of
from tests.actions.following import answered
from tests.actions.goals import make_improvement
from tests.analytics import world

pytestmark = pytest.mark.django_db


def test_causes_are_counted_over_all_follow_ups_and_none_is_shown_as_none() -> None:
    first, second = (answered(score).case.follow_up for score in (3, 2))
    FollowUp.objects.update(
        state="closed", closed_as="done", closed_at=timezone.now(), root_cause=Cause.PRICE
    )
    row = make_improvement(world.make_dimension("plan"), causes=[Cause.SUPPORT, Cause.PRICE])
    row.follow_ups.add(first, second)

    found = origins_of(row)

    assert found.causes == {"Support": 0, "Price": 2}
    assert found.follow_ups == [second, first]


def test_without_any_there_is_nothing() -> None:
    found = origins_of(make_improvement(world.make_dimension("plan")))
    assert (found.causes, found.follow_ups) == ({}, [])
