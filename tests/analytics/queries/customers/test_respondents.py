"""The segments of now are those that an invitation sent now would be frozen with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest

from accounts.domain.segments import MRR, TENURE
from accounts.models import Dimension, Respondent
from accounts.services.segments import current_attributes
from analytics.domain.answers.cells import UNKNOWN_CUSTOMER
from analytics.queries.answers.profiles import Segments
from analytics.queries.customers.respondents import current_segments
from tests.analytics import world

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
TODAY = dt.date(2026, 5, 20)
BANDS = {"thresholds": ["10", "100"], "labels": ["small", "middle", "large"]}


def segments_of(
    respondents: Sequence[Respondent], *names: str, **where: list[str]
) -> list[tuple[str, ...] | None]:
    segments = Segments(names)
    definitions = [each.definition for each in Dimension.objects.order_by("pk")]
    numbers = current_segments(definitions, segments=segments, where=where, today=TODAY).numbers
    return [
        segments.keys[numbers[each.pk]] if numbers[each.pk] >= 0 else None for each in respondents
    ]


def test_one_s_own_value_comes_before_that_of_the_customer() -> None:
    world.make_dimension("plan", source="respondent")
    gold = world.make_customer(plan="gold")
    asked = [
        world.make_respondent(gold),
        world.make_respondent(gold, attributes={"plan": "own"}),
        world.make_respondent(attributes={"plan": "alone"}),
        world.make_respondent(),
    ]

    assert segments_of(asked, "plan") == [("gold",), ("own",), ("alone",), ("",)]


def test_now_is_what_freezing_makes() -> None:
    for name, source in (("plan", "customer"), ("role", "respondent"), ("language", "respondent")):
        world.make_dimension(name, source=source)
    world.make_dimension("size", attribute=MRR, bands=BANDS)
    world.make_dimension("tenure", attribute=TENURE, bands=BANDS)
    start = dt.date(2025, 1, 1)
    paying = world.make_customer(
        started_on=start, plan="gold", mrr={"2026-03": 5, "2026-04": 60, "2026-05": 500}
    )
    asked = [
        world.make_respondent(paying, role="Buyer", language="ja"),
        world.make_respondent(world.make_customer(plan="tin"), role="Buyer"),
        world.make_respondent(),
    ]
    definitions = [each.definition for each in Dimension.objects.order_by("pk")]
    names = [each.name for each in definitions]

    frozen = [
        tuple(each.value(attributes) for each in definitions)
        for attributes in current_attributes(asked, day=TODAY)
    ]

    assert segments_of(asked, *names) == frozen
    assert frozen[0] == ("gold", "Buyer", "ja", "middle", "middle")
    assert [each[3:] for each in frozen[1:]] == [("small", ""), ("", "")]


def test_who_is_filtered_out_has_no_segment_and_everybody_a_customer() -> None:
    world.make_dimension("plan")
    gold = world.make_customer(plan="gold")
    inside, outside = world.make_respondent(gold), world.make_respondent()
    assert segments_of([inside, outside], "plan", plan=["gold"]) == [("gold",), None]
    assert segments_of([inside, outside], plan=[""]) == [None, ()]

    customers = current_segments([], segments=Segments(()), where={}, today=TODAY).customers
    assert [customers[each.pk] for each in (inside, outside)] == [gold.pk, UNKNOWN_CUSTOMER]


def test_nobody_is_no_fault() -> None:
    world.make_dimension("size", attribute=MRR, bands=BANDS)

    assert segments_of([], "size") == []
