"""Counted answers of a period, folded or not."""

from __future__ import annotations

import pytest

from accounts.models import SegmentProfile
from analytics.counting.cells import folding
from analytics.counting.cells.answers import read_answers
from surveys.models import Invitation
from tests.analytics import world
from tests.analytics.counting.cells.test_folding import EVER, from_cells

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_answer_shows_before_it_is_folded_and_once_after() -> None:
    world.give_scores(world.make_customer(), world.make_campaign(), 9)
    before = from_cells()

    assert folding.fold() == 1
    assert (sum(before.values()), from_cells()) == (1, before)
    assert folding.fold() == 0


def test_answer_without_a_profile_is_of_no_segment() -> None:
    invitation = world.ask(world.make_respondent(), world.make_campaign())
    Invitation.objects.update(profile=None)
    SegmentProfile.objects.all().delete()
    invitation.refresh_from_db()
    world.answer(invitation, 9)
    folding.fold_all()

    ((_, cell),) = read_answers([EVER]).cells(EVER)
    assert cell.profiles.tolist() == [0]


def test_totals_of_several_months_are_added_up_again_once_one_of_them_changes() -> None:
    """A customer's row is one, and what a process has added up is forgotten in time."""
    customer, campaign = world.make_customer(), world.make_campaign()
    for day in ("2026-02-03T12:00+00:00", "2026-03-03T12:00+00:00"):
        world.give_scores(customer, campaign, 9, at=day)
    folding.fold_all()
    assert read_answers([EVER]).totals(EVER).promoters.tolist() == [2]

    world.give_scores(customer, campaign, 10, at="2026-03-03T12:00+00:00")
    assert sum(read_answers([EVER]).totals(EVER).promoters) == 3
    folding.fold_all()
    assert read_answers([EVER]).totals(EVER).promoters.tolist() == [3]
