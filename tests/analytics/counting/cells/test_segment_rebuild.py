"""Refreezing past invitations gives what freezing them on their day by today's definitions had
given, and no figure is lost on the way."""

from __future__ import annotations

import datetime as dt
import os
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.domain.segments import MRR, TENURE
from accounts.models import Customer, Dimension, MonthlyRevenue, SegmentProfile, SegmentRebuild
from accounts.services.dimensions import delete_dimension, save_dimension
from accounts.services.rebuilds import refreeze_if_changed
from accounts.services.segments import profile_ids
from analytics.counting.cells import folding, segment_rebuild
from analytics.domain.periods import Period
from analytics.models import CellBlock
from analytics.queries.database.clock import midnight
from surveys.models import Invitation, Response
from surveys.services.answers.import_rows import Change, write_responses
from tests.analytics import world
from tests.analytics.counting.cells.test_folding import check_answers, from_cells, from_responses
from tests.analytics.counting.cells.test_invitations import PERIODS, counted, from_rows
from tests.staffing import make_staff
from tests.world import NOW

EVER = Period(dt.date(2025, 1, 1), dt.date(2027, 1, 1))
BANDS = {"thresholds": ["10", "100"], "labels": ["small", "middle", "large"]}
OTHER_BANDS = {"thresholds": ["50"], "labels": ["few", "many"]}


def redefine(dimension: Dimension, **fields: Any) -> None:
    Dimension.objects.filter(pk=dimension.pk).update(**fields)
    refreeze_if_changed(now=NOW)


def run_to_the_end(*, limit: int = 2) -> int:
    return (
        sum(1 for _ in iter(lambda: segment_rebuild.freeze_batch(now=NOW, limit=limit), False)) + 1
    )


def start_with_what_was_sent() -> None:
    """Past those that were never sent, of which there are none."""
    segment_rebuild.freeze_batch(now=NOW)
    assert SegmentRebuild.objects.get().done == 0


def frozen(name: str) -> list[str]:
    rows = Invitation.objects.order_by("pk").select_related("profile")
    return [row.profile.values.get(name, "") for row in rows]


pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_a_changed_definition_bands_the_day_of_sending_again() -> None:
    seats = world.make_dimension("seats", bands=BANDS)
    campaign = world.make_campaign()
    for number in ("5", "60", "500"):
        customer = world.make_customer(seats=number)
        world.give_scores(customer, campaign, 9)
        # What became of it later is not what held when the mail was sent.
        Customer.objects.filter(pk=customer.pk).update(attributes={"seats": "1"})
    assert frozen("seats") == ["small", "middle", "large"]

    redefine(seats, bands=OTHER_BANDS)
    run_to_the_end()

    assert frozen("seats") == ["few", "many", "many"]


def test_a_new_segment_reaches_the_past() -> None:
    world.give_scores(world.make_customer(plan="gold"), world.make_campaign(), 9)
    assert frozen("plan") == [""]

    world.make_dimension("plan")
    refreeze_if_changed(now=NOW)
    run_to_the_end()

    assert frozen("plan") == ["gold"]


def test_mrr_is_that_which_was_known_on_the_day() -> None:
    customer = world.make_customer(mrr={"2026-02": 5, "2026-03": 60})
    world.ask(world.make_respondent(customer), world.make_campaign())
    assert Invitation.objects.get().attributes[MRR] == "60.00"
    # A month-end that was imported or changed later was not known then.
    MonthlyRevenue.objects.filter(month=dt.date(2026, 3, 1)).update(mrr=500)

    world.make_dimension("size", attribute=MRR, bands=BANDS)
    refreeze_if_changed(now=NOW)
    run_to_the_end()

    assert frozen("size") == ["middle"]


def test_what_was_frozen_before_mrr_was_takes_the_last_month_end_before_its_day() -> None:
    customer = world.make_customer(mrr={"2026-02": 5, "2026-03": 60, "2026-04": 500})
    other = world.make_customer(mrr={})
    for each in (customer, other):
        for sent in ("2026-01-31", "2026-03-01", "2026-04-30", "2026-05-01"):
            invitation = world.ask(
                world.make_respondent(each), world.make_campaign(), sent=f"{sent}T12:00+00:00"
            )
            without = {name: value for name, value in invitation.attributes.items() if name != MRR}
            Invitation.objects.filter(pk=invitation.pk).update(attributes=without)

    world.make_dimension("size", attribute=MRR, bands=BANDS)
    refreeze_if_changed(now=NOW)
    run_to_the_end()

    assert frozen("size") == ["", "small", "middle", "large", "", "small", "small", "small"]


def test_without_recorded_attributes_the_frozen_values_stay() -> None:
    plan = world.make_dimension("plan")
    world.give_scores(world.make_customer(plan="gold"), world.make_campaign(), 9)
    Invitation.objects.update(attributes={})

    redefine(plan, attribute="contract")
    run_to_the_end()

    assert frozen("plan") == ["gold"]


def test_who_is_not_told_apart_differently_keeps_the_profile() -> None:
    world.make_dimension("plan")
    world.give_scores(world.make_customer(plan="gold"), world.make_campaign(), 9, 10)
    before = SegmentProfile.objects.count(), set(Invitation.objects.values_list("profile", flat=1))
    folding.fold_all()
    digests = list(CellBlock.objects.values_list("digest", flat=True))

    world.make_dimension("unheard_of")
    assert refreeze_if_changed(now=NOW)
    run_to_the_end()

    after = SegmentProfile.objects.count(), set(Invitation.objects.values_list("profile", flat=1))
    assert after == before
    assert list(CellBlock.objects.values_list("digest", flat=True)) == digests


def test_a_new_label_rebuilds_nothing_and_a_deleted_segment_neither() -> None:
    admin = make_staff("admin")
    plan = Dimension(name="plan", source="customer", attribute="plan")
    save_dimension(plan, by=admin, now=NOW)
    assert not segment_rebuild.freeze_batch(now=NOW)

    plan.label = "Plan"
    save_dimension(plan, by=admin, now=NOW)
    assert SegmentRebuild.objects.get().finished_at
    delete_dimension(plan, by=admin, now=NOW)
    assert not refreeze_if_changed(now=NOW)
    assert SegmentRebuild.objects.get().finished_at
    # Made again, it may be unknown to what was sent in between.
    save_dimension(Dimension(name="plan", source="customer", attribute="plan"), by=admin, now=NOW)
    assert SegmentRebuild.objects.get().finished_at is None


def test_newest_days_come_first_and_each_comes_once() -> None:
    plan = world.make_dimension("plan")
    campaign = world.make_campaign()
    customer = world.make_customer(plan="a", contract="b")
    noon = "T12:00+00:00"
    for day in ("2026-03-02", "2026-05-04", "2026-03-02", "2026-01-05", "2026-05-04"):
        world.ask(world.make_respondent(customer), campaign, sent=day + noon)
    never = world.ask(world.make_respondent(customer), campaign, sent="2026-02-02" + noon)
    Invitation.objects.filter(pk=never.pk).update(sent_at=None, state="failed")
    redefine(plan, attribute="contract")

    seen = []
    while segment_rebuild.freeze_batch(now=NOW, limit=2):
        seen.append("".join(frozen("plan")))

    assert seen == ["aaaaab", "abaabb", "bbbabb"]
    assert "".join(frozen("plan")) == "bbbbbb"
    assert SegmentRebuild.objects.get().done == 6


def test_a_time_that_an_import_corrects_meanwhile_is_gone_over_again() -> None:
    plan = world.make_dimension("plan")
    customer = world.make_customer(plan="a", contract="b")
    for day in ("2026-03-02", "2026-05-04"):
        invitation = world.ask(
            world.make_respondent(customer), world.make_campaign(), sent=f"{day}T12:00+00:00"
        )
        world.answer(invitation, 9)
    redefine(plan, attribute="contract")
    segment_rebuild.freeze_batch(now=NOW, limit=1)
    segment_rebuild.freeze_batch(now=NOW, limit=1)
    assert frozen("plan") == ["a", "b"]

    oldest = Response.objects.earliest("answered_at")
    later = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)
    change = Change(oldest, oldest.score, "", sent_at=later, response_id=None)
    write_responses([], [change], now=NOW)
    run_to_the_end()

    assert frozen("plan") == ["b", "b"]


def test_progress_is_kept_and_a_killed_batch_is_done_again(monkeypatch) -> None:
    plan = world.make_dimension("plan")
    world.give_scores(world.make_customer(contract="a", plan="b"), world.make_campaign(), *[9] * 5)
    folding.fold_all()
    redefine(plan, attribute="contract")
    start_with_what_was_sent()
    assert segment_rebuild.freeze_batch(now=NOW, limit=2)
    row = SegmentRebuild.objects.get()
    assert (row.done, row.total, row.share) == (2, 5, 0.4)

    def killed(*args: Any, **kwargs: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(segment_rebuild, "move_profiles", killed)
        with pytest.raises(SystemExit):
            segment_rebuild.freeze_batch(now=NOW, limit=2)
    assert SegmentRebuild.objects.get().done == 2
    assert frozen("plan") == ["b", "b", "b", "a", "a"]

    run_to_the_end()
    assert frozen("plan") == ["a"] * 5
    assert from_cells() == from_responses()
    assert SegmentRebuild.objects.get().finished_at == NOW


def test_a_change_in_the_middle_begins_again() -> None:
    seats = world.make_dimension("seats", bands=BANDS)
    world.give_scores(world.make_customer(seats="60"), world.make_campaign(), 9, 9, 9)
    redefine(seats, bands=OTHER_BANDS)
    start_with_what_was_sent()
    segment_rebuild.freeze_batch(now=NOW, limit=2)
    assert "many" in frozen("seats")

    redefine(seats, bands={"thresholds": ["70"], "labels": ["below", "above"]})
    run_to_the_end()

    assert frozen("seats") == ["below"] * 3


def test_the_tick_finds_what_nobody_enqueued_and_leaves_it_to_one_worker() -> None:
    world.give_scores(world.make_customer(plan="gold"), world.make_campaign(), 9)
    # As an import adds it, without a task.
    world.make_dimension("plan")
    rests: list[float] = []

    def tick(moment: dt.datetime, *, seconds: float = 60) -> None:
        segment_rebuild.rebuild(clock=lambda: moment, seconds=seconds, rest=rests.append)

    tick(NOW, seconds=0)
    assert SegmentRebuild.objects.get().finished_at is None
    SegmentRebuild.objects.update(leased_until=NOW + dt.timedelta(minutes=1))
    tick(NOW)
    assert frozen("plan") == [""]

    tick(NOW + dt.timedelta(minutes=2))
    assert frozen("plan") == ["gold"]
    assert SegmentRebuild.objects.get().leased_until is None
    assert rests


def test_a_mail_in_flight_during_the_change_is_looked_at_once_more() -> None:
    seats = world.make_dimension("seats", bands=BANDS)
    customer = world.make_customer(seats="60")
    old = world.ask(world.make_respondent(customer), world.make_campaign(), sent=NOW.isoformat())
    redefine(seats, bands=OTHER_BANDS)
    run_to_the_end()
    # The worker had read the old definition and writes only now.
    late = Dimension(pk=seats.pk, name="seats", attribute="seats", bands=BANDS)
    Invitation.objects.update(profile=profile_ids([old.attributes], dimensions=[late])[0])
    assert frozen("seats") == ["middle"]

    soon, later = (NOW + dt.timedelta(minutes=minutes) for minutes in (1, 6))
    segment_rebuild.rebuild(clock=lambda: soon, seconds=1, rest=lambda _: None)
    assert frozen("seats") == ["middle"]
    segment_rebuild.rebuild(clock=lambda: later, seconds=1, rest=lambda _: None)
    assert frozen("seats") == ["many"]
    assert SegmentRebuild.objects.get().checked_at == later


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("answer"), st.integers(0, 10), st.sampled_from([5, 60, 500])),
        st.tuples(st.just("ask"), st.sampled_from([5, 60, 500])),
        st.tuples(st.just("score"), st.integers(0, 20), st.integers(0, 10)),
        st.tuples(st.just("suspect"), st.integers(0, 20), st.booleans()),
        st.tuples(st.just("define"), st.sampled_from([BANDS, OTHER_BANDS, {}])),
        st.tuples(st.just("batch"), st.integers(1, 3)),
        st.tuples(st.just("fold"), st.integers(1, 3)),
        st.tuples(st.just("close")),
    ),
    max_size=16,
)


class RebuildIsRefreezing(TestCase):
    @settings(max_examples=int(os.environ.get("CELL_EXAMPLES", "25")), deadline=None)
    @given(steps=STEPS)
    def test_figures_hold_at_every_step_and_the_end_is_refreezing(
        self, steps: list[tuple[object, ...]]
    ) -> None:
        self.seats = world.make_dimension("seats", bands=BANDS)
        self.campaign = world.make_campaign()
        self.responses: list[Response] = []
        self.today = dt.date(2026, 4, 10)
        refreeze_if_changed(now=NOW)
        for step in steps:
            self.take(*step)
            check_answers()
            for periods in PERIODS:
                assert counted(periods) == from_rows(periods)
        run_to_the_end()
        rows = list(Invitation.objects.order_by("pk"))
        assert [row.profile_id for row in rows] == profile_ids([row.attributes for row in rows])
        check_answers()

    def take(self, name: str, *values: Any) -> None:
        if name in ("answer", "ask"):
            respondent = world.make_respondent(world.make_customer(seats=str(values[-1])))
            sent = f"{self.today}T12:00+00:00"
            invitation = world.ask(respondent, self.campaign, sent=sent)
            if name == "answer":
                self.responses.append(world.answer(invitation, values[0]))
        elif name == "define":
            redefine(self.seats, bands=values[0])
        elif name == "batch":
            segment_rebuild.freeze_batch(now=NOW, limit=values[0])
        elif name == "fold":
            folding.fold(limit=values[0])
        elif name == "close":
            self.today += dt.timedelta(days=9)
            folding.close_invitations(now=midnight(self.today))
        elif self.responses:
            response = self.responses[values[0] % len(self.responses)]
            world.change(response, **{name: values[1]})


def test_tenure_reaches_the_past_by_the_day_of_sending() -> None:
    customer = world.make_customer(started_on=dt.date(2026, 1, 10))
    for sent in ("2026-02-09", "2026-02-10"):
        world.ask(world.make_respondent(customer), world.make_campaign(), sent=f"{sent}T12:00Z")
    world.ask(world.make_respondent(), world.make_campaign(), sent="2026-02-10T12:00Z")
    # As before tenure was frozen.
    for each in Invitation.objects.all():
        each.attributes.pop(TENURE)
        each.save()

    bands = {"thresholds": ["1"], "labels": ["new", "old"]}
    world.make_dimension("tenure", attribute=TENURE, bands=bands)
    refreeze_if_changed(now=NOW)
    run_to_the_end()

    assert frozen("tenure") == ["new", "old", ""]
