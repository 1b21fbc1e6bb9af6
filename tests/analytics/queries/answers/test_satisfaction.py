from __future__ import annotations

import datetime as dt

import pytest

from analytics.domain.periods import Period
from analytics.queries.answers.satisfaction import asks_satisfaction, read_satisfaction
from tests.analytics import world

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

APRIL = Period.from_inclusive(dt.date(2026, 4, 1), dt.date(2026, 4, 30))


def values(**fields: object) -> list[int]:
    rows = read_satisfaction(APRIL, **{"campaign": None, "language": ""} | fields)
    return sorted(rows.values.tolist())


def test_each_campaigns_own_question_is_read() -> None:
    spring, autumn = world.satisfaction_campaign(), world.satisfaction_campaign("in")
    world.give_satisfaction(spring, 5, 4)
    world.give_satisfaction(autumn, 1, key="in")
    # The other campaign's key, in whatever sense it was asked there.
    world.give_satisfaction(autumn, 3, key="support")

    assert values() == [1, 4, 5]
    assert values(campaign=spring.pk) == [4, 5]
    assert values(language="en") == [1, 4, 5]
    assert values(language="ja") == []


def test_only_whole_steps_of_the_scale_count() -> None:
    """The question may have been one of words before it was one of satisfaction."""
    campaign = world.satisfaction_campaign()
    world.give_satisfaction(campaign, "5", ["4"], 0, 6, 2.5, None, True, "fine", 2)

    assert values() == [2]


def test_suspect_answers_and_other_days_are_left_out() -> None:
    campaign = world.satisfaction_campaign()
    world.give_satisfaction(campaign, 3, at="2026-05-01T12:00+00:00")
    world.answer(
        world.ask(world.make_respondent(), campaign), 9, suspect=True, extra={"support": 5}
    )
    world.give_satisfaction(campaign, 4)

    assert values() == [4]


def test_a_row_says_who_answered_when_and_how_else() -> None:
    campaign = world.satisfaction_campaign()
    customer = world.make_customer()
    respondent = world.make_respondent(customer)
    world.answer(world.ask(respondent, campaign), 6, extra={"support": 2})
    world.answer(world.ask(world.make_respondent(), campaign), 9, extra={"support": 2})

    rows = read_satisfaction(APRIL, campaign=None, language="")

    assert set(zip(rows.customers.tolist(), rows.scores.tolist(), strict=True)) == {
        (customer.pk, 6),
        (0, 9),
    }
    assert respondent.pk in rows.respondents
    assert {str(day) for day in rows.days} == {"2026-04-11"}


def test_who_asks() -> None:
    world.make_campaign(questions=[{"key": "a", "kind": "text", "label": {"en": "Why?"}}])
    assert not asks_satisfaction()

    world.satisfaction_campaign()
    assert asks_satisfaction()
