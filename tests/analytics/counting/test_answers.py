"""Counted answers of a period, folded or not."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest

from accounts.models import SegmentProfile
from analytics.counting import folding
from analytics.counting.answers import known_customers, read_answers
from analytics.domain.periods import Period
from surveys.models import Invitation
from tests.analytics import world

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
EVER = Period(dt.date(2025, 1, 1), dt.date(2027, 1, 1))


def from_cells(period: Period = EVER) -> Counter[tuple[object, ...]]:
    """By day, customer, profile and score."""
    found: Counter[tuple[object, ...]] = Counter()
    for month, part in read_answers([period]).cells(period):
        customers = known_customers(part.customers).tolist()
        for customer, profile, count, day, score in zip(
            customers, part.profiles, part.counts, part.days, part.scores, strict=True
        ):
            key = month.replace(day=int(day)), customer, int(profile), int(score)
            found[key] += int(count)
    return _but_nothing(found)


def _but_nothing(found: Counter[tuple[object, ...]]) -> Counter[tuple[object, ...]]:
    return Counter({key: count for key, count in found.items() if count})


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
