"""A sentence only where its test holds."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from analytics.domain.findings import FindingKind
from analytics.domain.periods import Period
from analytics.reports.overview.figures import overview_report
from analytics.reports.overview.sentences import sentence
from tests.analytics import world
from tests.analytics.world import followed

pytestmark = pytest.mark.django_db

APRIL_TO_JUNE = Period.from_inclusive(dt.date(2026, 4, 1), dt.date(2026, 6, 30))
TODAY = dt.date(2026, 12, 31)


def test_finding_appears_only_where_its_test_holds() -> None:
    campaign = world.make_campaign()
    world.make_dimension("plan", label="Plan")
    gold = {"customer": {"plan": "gold"}}
    earlier = {"sent": "2025-05-01T12:00+00:00", "at": "2025-05-02T12:00+00:00"}
    world.give_scores_apart(campaign, *[8] * 12, **gold, **earlier)
    world.give_scores_apart(campaign, *[8] * 12, **gold)

    steady = overview_report(world.yearly(TODAY), today=TODAY).findings
    world.give_scores_apart(campaign, *[0] * 40, **gold)
    fallen = overview_report(world.yearly(TODAY), today=TODAY).findings

    assert [each.kind for each in steady] == [FindingKind.NPS_STEADY]
    assert [each.kind for each in fallen] == [FindingKind.NPS_FELL, FindingKind.SEGMENT_FELL]
    assert fallen[1].subject == "Plan: gold"


def test_finding_of_outcomes_stands_on_the_relative_risk() -> None:
    followed(score=10, stays=35, leaves=5, mrr=10)
    followed(score=3, stays=15, leaves=15, mrr=30)

    (finding,) = [
        each
        for each in overview_report(world.yearly(TODAY), today=TODAY).findings
        if each.kind is FindingKind.GROUP_LEAVES_MORE
    ]

    assert (finding.subject, finding.low > 1) == ("detractor", True)
    assert finding.value == pytest.approx(4.0)
    # Of somebody else's accounts, of whom none was asked, nothing is said.
    own = replace(world.yearly(TODAY), owner="me@koe.example")
    assert overview_report(own, today=TODAY).findings == ()


def of_last_year(*scores: int, years: int = 0, **fields: object) -> None:
    moment = f"{2026 - years}-05-01T12:00+00:00"
    campaign = world.make_campaign()
    world.give_scores_apart(campaign, *scores, customer=fields, sent=moment, at=moment)


def kinds(today: dt.date = TODAY) -> list[FindingKind]:
    return [each.kind for each in overview_report(world.yearly(today), today=today).findings]


def test_more_lost_customers_are_a_finding_with_its_test() -> None:
    start = dt.date(2020, 1, 1)
    for place in range(60):
        year = 2025 if place < 4 else 2026
        gone = dt.date(year, 6, 1) if place < 24 else None
        world.make_customer(started_on=start, churned_on=gone)

    (finding,) = overview_report(world.yearly(TODAY), today=TODAY).findings

    assert finding.kind is FindingKind.CHURN_ROSE
    assert finding.value == pytest.approx(20 / 56 - 4 / 60)
    assert 0 < finding.low < finding.value < finding.high
    assert finding.p_value < 0.001


def test_fewer_answers_to_the_mails_are_a_finding() -> None:
    campaign = world.make_campaign()
    for years, answered in ((1, 40), (0, 15)):
        of_last_year(*[8] * answered, years=years)
        for _ in range(60 - answered):
            sent = f"{2026 - years}-05-01T12:00+00:00"
            world.ask(world.make_respondent(world.make_customer()), campaign, sent=sent)

    assert kinds() == [FindingKind.NPS_STEADY, FindingKind.RESPONSE_RATE_FELL]


def asked_and_answered(
    *, sent: str, answered: str, asked: int, answers: int, score: int = 8
) -> None:
    campaign = world.make_campaign()
    for place in range(asked):
        respondent = world.make_respondent(world.make_customer())
        invitation = world.ask(respondent, campaign, sent=sent)
        if place < answers:
            world.answer(invitation, score, at=answered)


def test_what_was_sent_seven_hours_ago_is_no_fallen_response_rate() -> None:
    asked_and_answered(
        sent="2025-05-01T00:00+00:00", answered="2025-05-03T00:00+00:00", asked=80, answers=30
    )
    asked_and_answered(
        sent="2026-12-31T01:00+00:00", answered="2026-12-31T05:00+00:00", asked=120, answers=12
    )

    overview = overview_report(world.yearly(TODAY), today=TODAY)

    assert [each.kind for each in overview.findings] == [FindingKind.NPS_STEADY]
    assert overview.unripe == 120
    [rate] = [each for each in overview.figures if each.metric == "response_rate"]
    assert rate.still_coming_in


@pytest.mark.parametrize(("answers", "kind"), [(30, None), (4, FindingKind.RESPONSE_RATE_FELL)])
def test_a_rate_that_is_coming_in_is_compared_at_an_equal_age(
    answers: int, kind: FindingKind | None
) -> None:
    """Last year 30 of 80 answered in the first two days, and as many again after a week."""
    for day, number in (("02", 30), ("09", 30), ("02", 0)):
        asked_and_answered(
            sent="2025-05-01T00:00+00:00", answered=f"2025-05-{day}T00:00+00:00",
            asked=number or 20, answers=number,
        )  # fmt: skip
    asked_and_answered(
        sent="2026-12-28T00:00+00:00", answered="2026-12-29T00:00+00:00", asked=80, answers=answers
    )

    found = [
        each
        for each in overview_report(world.yearly(TODAY), today=TODAY).findings
        if each.age is not None
    ]

    assert [each.kind for each in found] == ([kind] if kind else [])
    # What the last day brings is left out.
    assert [each.age for each in found] == ([3] if kind else [])
    if found:
        assert found[0].value == pytest.approx(4 / 80 - 30 / 80)


def test_of_very_many_mails_those_of_some_customers_are_followed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """To the same age as all of them would be: the last days are not left out."""
    monkeypatch.setattr("analytics.reports.overview.figures.MOST_FOLLOWED", 100)
    for year, answers in ((2025, 160), (2026, 30)):
        asked_and_answered(
            sent=f"{year}-12-26T00:00+00:00", answered=f"{year}-12-27T00:00+00:00",
            asked=200, answers=answers,
        )  # fmt: skip

    [found] = [
        each
        for each in overview_report(world.yearly(TODAY), today=TODAY).findings
        if each.kind is FindingKind.RESPONSE_RATE_FELL
    ]

    assert found.value == pytest.approx(30 / 200 - 160 / 200, abs=0.15)
    assert (found.age, found.every) == (5, 2)
    assert "every 2. customer" in sentence(found)


def test_everything_looked_at_is_corrected_together() -> None:
    """One segment of p 0.03 stands alone, and falls where nineteen others were looked at too."""
    world.make_dimension("plan", label="Plan")

    def segment(name: str, *, fell: bool) -> None:
        of_last_year(*[10] * 12, *[0] * 8, years=1, plan=name)
        of_last_year(*[10] * (5 if fell else 12), *[0] * (15 if fell else 8), plan=name)

    segment("falling", fell=True)
    alone = overview_report(world.yearly(TODAY), today=TODAY).findings
    for number in range(19):
        segment(f"steady {number}", fell=False)
    together = overview_report(world.yearly(TODAY), today=TODAY).findings

    assert FindingKind.SEGMENT_FELL in [each.kind for each in alone]
    assert [each.p_value < 0.05 for each in alone if each.subject] == [True]
    assert [each.subject for each in together if each.subject] == []


def test_two_dimensions_are_one_family() -> None:
    world.make_dimension("plan", label="Plan")
    world.make_dimension("size0", position=1)
    world.make_dimension("size1", position=1)
    of_last_year(*[10] * 12, *[0] * 8, years=1, plan="a", size0="b", size1="c")
    of_last_year(*[10] * 5, *[0] * 15, plan="a", size0="b", size1="c")

    found = overview_report(world.yearly(TODAY), today=TODAY).findings

    assert [each.subject for each in found if each.subject] == ["Plan: a", "Size0: b", "Size1: c"]
