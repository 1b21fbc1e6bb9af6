"""What a change is made of."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from tests.analytics import world
from tests.staffing import client_as

pytestmark = pytest.mark.django_db


def test_the_change_is_split_by_segment_and_adds_up() -> None:
    world.make_dimension("plan", label="Plan")
    today = timezone.localdate()
    campaign = world.make_campaign()
    for plan, months_ago, scores in (
        ("gold", 20, [10] * 12), ("tin", 20, [0] * 12), ("gold", 3, [10] * 30), ("tin", 3, [7] * 5),
    ):  # fmt: skip
        moment = (today - dt.timedelta(days=30 * months_ago)).isoformat() + "T12:00+00:00"
        fields = {"customer": {"plan": plan}, "sent": moment, "at": moment}
        world.give_scores_apart(campaign, *scores, **fields)

    mix = client_as("viewer").get("/analytics/trend/").context["mix"]["report"]

    assert [(row.name, row.reportable) for row in mix.rows] == [("gold", True), ("tin", False)]
    parts = mix.parts
    assert parts.difference == pytest.approx(100 * 30 / 35)
    assert sum(row.shift.answered_differently for row in mix.rows) == parts.answered_differently
    assert parts.answered_differently + parts.different_people == pytest.approx(parts.difference)


def test_the_split_of_a_change_has_its_answers_interval_and_test() -> None:
    world.make_dimension("plan", label="Plan")
    world.answers_in(4, *[10] * 10, *[0] * 4)
    world.answers_in(6, *[10] * 4, *[0] * 16)
    client = client_as("viewer")

    page = client.get("/analytics/trend/?from=2026-04-01&to=2026-06-30")
    text = page.content.decode()

    found = page.context["mix"]["report"].change
    assert (found.difference, found.p_value < 0.01) == (pytest.approx(-60 - 300 / 7), True)
    assert "(20 answers) against the first (14 answers): −102.9 points (95 % interval" in text
    assert "Unlikely to be chance." in text


def test_the_split_is_withheld_where_a_half_is_too_small() -> None:
    world.make_dimension("plan", label="Plan")
    world.answers_in(4, *[10] * 9)
    world.answers_in(6, *[0] * 20)

    page = client_as("viewer").get("/analytics/trend/?from=2026-04-01&to=2026-06-30")

    text = page.content.decode()
    assert "Withheld: 9 answers in the first half of the period, 20 in the second." in text
    assert "answered differently, and" not in text
    assert "NPS, first half" not in text


def test_the_halves_are_of_the_days_so_far(monkeypatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: dt.date(2026, 6, 30))
    world.make_dimension("plan", label="Plan")
    world.answers_in(4, *[10] * 12)
    world.answers_in(6, *[0] * 12)

    mix = client_as("viewer").get("/analytics/trend/?preset=fiscal_year").context["mix"]["report"]

    assert mix.after.last_day == dt.date(2026, 6, 30)
    assert (mix.answers_before, mix.answers_after) == (12, 12)


def test_one_value_of_a_dimension_splits_nothing() -> None:
    world.make_dimension("plan", label="Plan")
    world.answers_in(4, *[10] * 10, *[0] * 4)
    world.answers_in(6, *[10] * 4, *[0] * 16)

    page = client_as("viewer").get("/analytics/trend/?from=2026-04-01&to=2026-06-30")
    text = page.content.decode()

    assert not page.context["mix"]["report"].splits
    assert "All these answers have one value of Plan, so it cannot be split by it" in text
    assert "goes along with" not in text
    assert "NPS, first half" not in text


def test_the_dimension_is_chosen_and_without_a_choice_the_first_that_tells_something() -> None:
    for name in ("country", "plan", "remarks", "size"):
        world.make_dimension(name)
    campaign = world.make_campaign()
    for month, plan, size, scores in (
        (4, "gold", "S", [10] * 8), (4, "tin", "L", [0] * 8),
        (6, "gold", "L", [10] * 4), (6, "tin", "S", [0] * 12),
    ):  # fmt: skip
        moment = f"2026-{month:02}-10T12:00+00:00"
        fields = {"country": "JP", "plan": plan, "size": size, "remarks": f"knows {plan}"}
        world.give_scores_apart(campaign, *scores, customer=fields, sent=moment, at=moment)
    client = client_as("viewer")
    address = "/analytics/trend/?from=2026-04-01&to=2026-06-30"

    default, chosen = client.get(address), client.get(f"{address}&by=size")

    # The same answers in each plan, and more people of the worse one; by size it is the other way.
    assert default.context["mix"]["report"].dimension.name == "plan"
    text = default.content.decode()
    assert "Split by Plan, 0.0 of it goes along with other answers of the same segments" in text
    assert "and −50.0 with other people answering." in text
    assert '<option value="plan" selected>' in text
    assert chosen.context["mix"]["report"].dimension.name == "size"
    assert chosen.context["mix"]["report"].parts.answered_differently != 0
    assert "because" not in text
