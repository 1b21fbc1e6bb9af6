"""The cells counted from the responses themselves."""

from __future__ import annotations

import pytest

from analytics.counting.cells import folding
from analytics.models import CellBlock
from tests.analytics import world

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
DAYS = ["2025-11-30T23:00+00:00", "2026-04-11T12:00+00:00", "2026-04-30T23:30+00:00"]


def test_rebuild_makes_the_blocks_that_folding_made() -> None:
    campaign = world.make_campaign()
    for day in DAYS:
        world.give_scores(world.make_customer(), campaign, 3, 3, 10, sent=day, at=day)
    world.give_scores(None, campaign, 7)
    folding.fold_all()
    folded = list(CellBlock.objects.order_by("month").values_list("month", "digest"))

    assert folding.rebuild() == 10
    assert list(CellBlock.objects.order_by("month").values_list("month", "digest")) == folded
