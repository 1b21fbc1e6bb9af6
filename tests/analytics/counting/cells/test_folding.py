"""The cells and the ledger together are the counted responses, whatever happened in between."""

from __future__ import annotations

import datetime as dt
import os
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.models import Respondent
from analytics.counting.cells import folding
from analytics.counting.cells.answers import known_customers, read_answers
from analytics.domain.answers.scores import COUNT_COLUMNS
from analytics.domain.periods import Period, month_of
from analytics.queries.database.clock import day_of
from surveys.domain.answers.scoring import category
from surveys.models import Campaign, Response, ResponseChange
from surveys.queries.answers.by_campaign import answered_by
from surveys.services.answers.import_rows import Change, write_responses
from tests.analytics import world

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

EVER = Period(dt.date(2025, 1, 1), dt.date(2027, 1, 1))
# The second cuts the months of two of the days, and one of the days itself lies on its edge.
PERIODS = [EVER, Period(dt.date(2025, 12, 1), dt.date(2026, 4, 12)), month_of(dt.date(2026, 5, 1))]
NOW = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
DAYS = ["2025-11-30T23:00+00:00", "2026-04-11T12:00+00:00", "2026-04-30T23:30+00:00"]

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("answer"), st.integers(0, 10), st.sampled_from(DAYS), st.booleans()),
        st.tuples(st.just("score"), st.integers(0, 20), st.integers(0, 10)),
        st.tuples(st.just("suspect"), st.integers(0, 20), st.booleans()),
        st.tuples(st.just("adopt"), st.integers(0, 20)),
        st.tuples(st.just("erase"), st.integers(0, 20)),
        st.tuples(st.just("import_again"), st.integers(0, 20), st.integers(0, 10)),
        st.tuples(st.just("fold"), st.integers(1, 3)),
        st.tuples(st.just("rebuild")),
    ),
    max_size=14,
)


def from_cells(period: Period = EVER) -> Counter[tuple[Any, ...]]:
    """By day, customer, profile and score."""
    found: Counter[tuple[Any, ...]] = Counter()
    for month, part in read_answers([period]).cells(period):
        customers = known_customers(part.customers).tolist()
        for customer, profile, count, day, score in zip(
            customers, part.profiles, part.counts, part.days, part.scores, strict=True
        ):
            key = month.replace(day=int(day)), customer, int(profile), int(score)
            found[key] += int(count)
    return _but_nothing(found)


def from_totals(period: Period) -> Counter[tuple[Any, ...]]:
    """By customer, profile and category."""
    found: Counter[tuple[Any, ...]] = Counter()
    totals = read_answers([period]).totals(period)
    customers = known_customers(totals.customers).tolist()
    for name in COUNT_COLUMNS:
        counts = getattr(totals, name).tolist()
        for customer, profile, count in zip(customers, totals.profiles, counts, strict=True):
            found[customer, int(profile), name] += count
    return _but_nothing(found)


def _but_nothing(found: Counter[tuple[Any, ...]]) -> Counter[tuple[Any, ...]]:
    return Counter({key: count for key, count in found.items() if count})


def from_responses() -> Counter[tuple[Any, ...]]:
    rows = Response.objects.counted().select_related("invitation__respondent")
    return Counter(
        (
            day_of(row.answered_at),
            row.invitation.respondent.customer_id or 0,
            row.invitation.profile_id,
            row.score,
        )
        for row in rows
    )


def check_answers() -> None:
    counted = from_responses()
    assert from_cells() == counted
    for period in PERIODS:
        expected: Counter[tuple[Any, ...]] = Counter()
        for (day, customer, profile, score), count in counted.items():
            if day in period:
                expected[customer, profile, f"{category(score)}s"] += count
        assert from_totals(period) == expected
    check_campaigns()


def check_campaigns() -> None:
    """What the pages of campaigns tell, against counting the answers themselves."""
    for campaign in Campaign.objects.all():
        mine = Response.objects.counted().filter(invitation__campaign=campaign)
        moments = mine.values_list("answered_at", flat=True)
        last = max((day_of(each) for each in moments), default=None)
        found = answered_by([campaign.pk])[campaign.pk]
        assert found.count == mine.count()
        # An answer that is set aside is no longer the last one once that is folded.
        if not ResponseChange.objects.filter(folded=False).exists():
            assert found.last_on == last


def change_of(response: Response, *, score: int) -> Change:
    """What an import makes of an answer that it finds."""
    return Change(
        response,
        score=score,
        comment=response.comment,
        sent_at=response.invitation.sent_at,
        response_id=response.response_id,
    )


class CellsAreTheResponses(TestCase):
    @settings(max_examples=int(os.environ.get("CELL_EXAMPLES", "25")), deadline=None)
    @given(steps=STEPS)
    def test_cells_and_ledger_equal_counting_the_rows(self, steps: list[tuple[Any, ...]]) -> None:
        campaign = world.make_campaign()
        self.customer = world.make_customer(plan="gold")
        world.make_dimension("plan")
        responses: list[Response] = []
        for step in steps:
            self.take(step, responses, campaign)
            check_answers()
        folding.fold_all()
        check_answers()
        assert not ResponseChange.objects.filter(folded=False).exists()

    def take(self, step, responses, campaign) -> None:
        name, *values = step
        if name == "answer":
            score, day, known = values
            respondent = world.make_respondent(self.customer if known else None)
            responses.append(world.answer(world.ask(respondent, campaign, sent=day), score, at=day))
        elif name == "fold":
            folding.fold(limit=values[0])
        elif name == "rebuild":
            folding.rebuild()
        elif responses:
            place, *rest = values
            getattr(self, name)(responses[place % len(responses)], *rest)

    def score(self, response: Response, score: int) -> None:
        world.change(response, score=score)

    def suspect(self, response: Response, suspect: bool) -> None:
        world.change(response, suspect=suspect)

    def adopt(self, response: Response) -> None:
        """An import tells where the person works, whom we knew by the address only."""
        nowhere = Respondent.objects.filter(customer=None)
        nowhere.filter(pk=response.invitation.respondent_id).update(customer=self.customer)

    def erase(self, response: Response) -> None:
        """Erasing a person takes the words away, never the count."""
        Response.objects.filter(pk=response.pk).update(comment="", extra={})
        response.changes.update(comment="", extra={})

    def import_again(self, response: Response, score: int) -> None:
        write_responses([], [change_of(response, score=score)], now=NOW)


def test_customer_that_is_named_after_folding_gets_the_change_and_the_answer() -> None:
    """The change is folded under the customer, the answer was under the respondent."""
    respondent = world.make_respondent()
    response = world.answer(world.ask(respondent, world.make_campaign()), 3)
    folding.fold_all()
    Respondent.objects.update(customer=world.make_customer())
    world.change(response, score=9)

    check_answers()
    folding.fold_all()
    check_answers()
