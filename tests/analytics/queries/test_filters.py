"""What filters choose, and what they refuse."""

from __future__ import annotations

import datetime as dt

import pytest

from analytics.counting.cells import folding
from analytics.domain.periods import Period
from analytics.queries.filters import Compare, FilterError, Filters
from analytics.reports.answers.segments import SegmentReport, segment_report
from tests.analytics import world

pytestmark = pytest.mark.django_db
APRIL_TO_JUNE = Period.from_inclusive(dt.date(2026, 4, 1), dt.date(2026, 6, 30))


def report(*by: str, **fields: object) -> SegmentReport:
    return segment_report(Filters(APRIL_TO_JUNE, by=by, **fields))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"by": ("size",)}, "Available: plan."),
        ({"where": {"size": ["9"]}}, "Available: plan."),
        ({"by": ("plan", "plan")}, "two different ones"),
        ({"campaign": "none"}, "no campaign “none”"),
        ({"language": "fr"}, "Available: ja, en."),
    ],
)
def test_what_is_not_known_is_refused_by_name(fields: dict[str, object], words: str) -> None:
    world.make_dimension("plan")

    with pytest.raises(FilterError, match=words):
        segment_report(Filters(APRIL_TO_JUNE, **fields))


def test_dimensions_and_comparison_choose_no_part() -> None:
    assert not Filters(APRIL_TO_JUNE, by=("plan",), compare=Compare.YEAR).chooses_part
    for fields in ({"owner": "me@koe.example"}, {"language": "ja"}, {"where": {"plan": ["a"]}}):
        assert Filters(APRIL_TO_JUNE, **fields).chooses_part


def test_filters_choose_answers_and_customers() -> None:
    world.make_dimension("plan")
    start = dt.date(2026, 1, 1)
    spring, summer = world.make_campaign(slug="spring"), world.make_campaign(slug="summer")
    gold = world.make_customer(plan="gold", started_on=start)
    tin = world.make_customer(plan="tin", started_on=start)
    world.give_scores(gold, spring, 10, language="ja")
    world.give_scores(gold, summer, 0)
    world.give_scores(tin, spring, 8, 8)
    folding.fold_all()

    assert report("plan", campaign="spring").total.responses == 3
    assert report("plan", language="ja").total.responses == 1
    chosen = report("plan", where={"plan": ["gold"]})
    assert [row.segment["plan"] for row in chosen.rows] == ["gold"]
    assert (chosen.total.responses, chosen.total.customers_at_start) == (2, 1)
    assert (chosen.total.invited, report("plan", campaign="summer").total.invited) == (2, 1)
