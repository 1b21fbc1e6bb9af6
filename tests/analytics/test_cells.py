"""The cells and the ledger together are the counted responses, whatever happened in between."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.models import SegmentProfile
from analytics import cells
from analytics.domain.periods import Period, month_of
from analytics.models import CellBlock, InvitationBlock
from analytics.queries.answers import STAND_IN, read_answers
from analytics.queries.clock import day_of
from analytics.queries.invitations import count_invitations
from surveys.models import Invitation, Response, ResponseChange
from tests.analytics import world

EVER = Period(dt.date(2025, 1, 1), dt.date(2027, 1, 1))
DAYS = ["2025-11-30T23:00+00:00", "2026-04-11T12:00+00:00", "2026-04-30T23:30+00:00"]

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("answer"), st.integers(0, 10), st.sampled_from(DAYS), st.booleans()),
        st.tuples(st.just("score"), st.integers(0, 20), st.integers(0, 10)),
        st.tuples(st.just("suspect"), st.integers(0, 20), st.booleans()),
        st.tuples(st.just("erase"), st.integers(0, 20)),
        st.tuples(st.just("fold"), st.integers(1, 3)),
        st.tuples(st.just("rebuild")),
        st.tuples(st.just("close")),
    ),
    max_size=14,
)


def from_cells() -> Counter[tuple[object, ...]]:
    found: Counter[tuple[object, ...]] = Counter()
    for month, part in read_answers([EVER]).months:
        for customer, profile, count, day, score in zip(
            part.customers, part.profiles, part.counts, part.days, part.scores, strict=True
        ):
            key = month.replace(day=int(day)), int(customer), int(profile), int(score)
            found[key] += int(count)
    return Counter({key: count for key, count in found.items() if count})


def from_responses() -> Counter[tuple[object, ...]]:
    rows = Response.objects.counted().select_related("invitation__respondent")
    return Counter(
        (
            day_of(row.answered_at),
            row.invitation.respondent.customer_id or int(STAND_IN) | row.invitation.respondent_id,
            row.invitation.profile_id,
            row.score,
        )
        for row in rows
    )


def invitations_from_cells() -> tuple[int, int]:
    counted = count_invitations([EVER], unfolded=read_answers([EVER]).unfolded)
    return int(counted["invited"].sum()), int(counted["answered"].sum())


def invitations_from_rows() -> tuple[int, int]:
    sent = Invitation.objects.filter(state__in=["sent", "unknown"], sent_at__isnull=False)
    return sent.count(), sent.filter(response__suspect=False).count()


class CellsAreTheResponses(TestCase):
    @settings(max_examples=40, deadline=None)
    @given(steps=STEPS)
    def test_cells_and_ledger_equal_counting_the_rows(
        self, steps: list[tuple[object, ...]]
    ) -> None:
        campaign = world.make_campaign()
        customer = world.make_customer(plan="gold")
        world.make_dimension("plan")
        responses: list[Response] = []
        for step in steps:
            self.take(step, responses, campaign, customer)
            assert from_cells() == from_responses()
            assert invitations_from_cells() == invitations_from_rows()
        cells.fold_all()
        assert from_cells() == from_responses()
        assert not ResponseChange.objects.filter(folded=False).exists()

    def take(self, step, responses, campaign, customer) -> None:
        name, *values = step
        if name == "answer":
            score, day, known = values
            respondent = world.make_respondent(customer if known else None)
            responses.append(world.answer(world.ask(respondent, campaign, sent=day), score, at=day))
        elif name == "fold":
            cells.fold(limit=values[0])
        elif name == "rebuild":
            cells.rebuild()
        elif name == "close":
            cells.close_months(today=dt.date(2026, 8, 1))
        elif responses:
            response = responses[values[0] % len(responses)]
            if name == "score":
                world.change(response, score=values[1])
            elif name == "suspect":
                world.change(response, suspect=values[1])
            else:
                # Erasing a person takes the words away, never the count.
                Response.objects.filter(pk=response.pk).update(comment="", extra={})
                response.changes.update(comment="", extra={})


@pytest.mark.django_db
def test_rebuild_makes_the_blocks_that_folding_made() -> None:
    campaign = world.make_campaign()
    for day in DAYS:
        world.give_scores(world.make_customer(), campaign, 3, 3, 10, sent=day, at=day)
    world.give_scores(None, campaign, 7)
    cells.fold_all()
    folded = list(CellBlock.objects.order_by("month").values_list("month", "digest"))

    assert cells.rebuild() == 10
    assert list(CellBlock.objects.order_by("month").values_list("month", "digest")) == folded


@pytest.mark.django_db
def test_answer_shows_before_it_is_folded_and_once_after() -> None:
    world.give_scores(world.make_customer(), world.make_campaign(), 9)
    before = from_cells()

    assert cells.fold() == 1
    assert (sum(before.values()), from_cells()) == (1, before)
    assert cells.fold() == 0


@pytest.mark.django_db
def test_closed_month_is_dropped_when_a_late_answer_comes() -> None:
    campaign = world.make_campaign()
    late = world.ask(world.make_respondent(), campaign)
    cells.close_months(today=dt.date(2026, 6, 15))
    assert InvitationBlock.objects.filter(month=dt.date(2026, 4, 1)).exists()

    world.answer(late, 9, at="2026-08-01T00:00+00:00")

    assert invitations_from_cells() == (1, 1)
    cells.fold_all()
    assert not InvitationBlock.objects.filter(month=dt.date(2026, 4, 1)).exists()
    assert invitations_from_cells() == (1, 1)


@pytest.mark.django_db
def test_open_months_are_not_closed() -> None:
    world.ask(world.make_respondent(), world.make_campaign())

    assert cells.close_months(today=dt.date(2026, 4, 30)) == 0
    assert cells.close_months(today=dt.date(2026, 5, 1)) == 1


@pytest.mark.django_db
def test_fold_between_the_two_readings_is_noticed(monkeypatch) -> None:
    """The changes are read first; a fold right then would count them twice."""
    from analytics.queries import answers

    campaign = world.make_campaign()
    world.give_scores(world.make_customer(), campaign, 9)
    real = answers.unfolded_changes
    folds = iter([True])

    def folding_meanwhile():
        changes = real()
        if next(folds, False):
            cells.fold_all()
        return changes

    monkeypatch.setattr(answers, "unfolded_changes", folding_meanwhile)

    assert sum(from_cells().values()) == 1


@pytest.mark.django_db
def test_answer_without_a_profile_is_of_no_segment() -> None:
    invitation = world.ask(world.make_respondent(), world.make_campaign())
    Invitation.objects.update(profile=None)
    SegmentProfile.objects.all().delete()
    invitation.refresh_from_db()
    world.answer(invitation, 9)
    cells.fold_all()

    ((_, cell),) = read_answers([month_of(dt.date(2026, 4, 1))]).months
    assert cell.profiles.tolist() == [0]
