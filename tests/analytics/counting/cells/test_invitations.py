"""Blocks, ledger and the last minutes together are the invitations, as time goes by."""

from __future__ import annotations

import datetime as dt
import os
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from analytics.counting.cells import folding
from analytics.counting.cells.answers import known_customers, read_answers
from analytics.counting.cells.checks import check_cells
from analytics.counting.cells.invitations import count_invitations, language_number
from analytics.domain.answers.cells import unpacked
from analytics.domain.answers.rates.asked import Asked
from analytics.domain.periods import Period, month_of
from analytics.models import InvitationBlock
from analytics.queries.database.clock import day_of, midnight
from surveys.domain.states import InvitationState
from surveys.models import Invitation, Response
from surveys.sending.events import provider_events
from surveys.services.answers.import_rows import Change, write_responses
from tests.analytics import world

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

START = dt.date(2026, 4, 27)
MINUTE = dt.timedelta(minutes=1)
SENT = [InvitationState.SENT, InvitationState.UNKNOWN]
# Whole months, one that cuts both, and one of a few days.
PERIODS = [
    [month_of(START), month_of(dt.date(2026, 5, 1))],
    [
        Period(dt.date(2026, 4, 28), dt.date(2026, 5, 2)),
        Period(dt.date(2026, 5, 2), dt.date(2027, 1, 1)),
    ],
    [Period(dt.date(2026, 1, 1), dt.date(2027, 1, 1))],
]
PICK = st.integers(0, 20)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("claim")),
        st.tuples(st.just("settle"), PICK, st.sampled_from(["sent", "unknown", "failed"])),
        st.tuples(st.just("give up"), PICK),
        st.tuples(st.just("resolve"), PICK, st.sampled_from(["failed", "queued"])),
        st.tuples(st.just("answer"), PICK, st.booleans()),
        st.tuples(st.just("suspect"), PICK, st.booleans()),
        st.tuples(st.just("name customer"), PICK),
        st.tuples(st.just("import"), PICK, st.integers(0, 9)),
        st.tuples(st.just("move import"), PICK, st.integers(0, 9)),
        st.tuples(st.just("minutes"), st.integers(1, 9)),
        st.tuples(st.just("days"), st.integers(1, 4)),
        st.tuples(st.just("fold"), st.integers(1, 3)),
        st.tuples(st.just("close")),
        st.tuples(st.just("rebuild")),
    ),
    max_size=25,
)


def counted(periods: list[Period]) -> Counter[tuple[Any, ...]]:
    parts, asked = count_invitations(periods, unfolded=read_answers(periods).unfolded)
    found: Counter[tuple[Any, ...]] = Counter()
    keys = parts, asked.campaigns, asked.languages, known_customers(asked.customers), asked.profiles
    columns = (*keys, asked.invited, asked.answered)
    for *key, invited, answered in zip(*(each.tolist() for each in columns), strict=True):
        found[*key, "invited"] += invited
        found[*key, "answered"] += answered
    return Counter({key: count for key, count in found.items() if count})


def from_rows(periods: list[Period]) -> Counter[tuple[Any, ...]]:
    found: Counter[tuple[Any, ...]] = Counter()
    answered = set(Response.objects.counted().values_list("invitation_id", flat=True))
    for each in Invitation.objects.filter(state__in=SENT, sent_at__isnull=False).select_related(
        "respondent"
    ):
        for part, period in enumerate(periods):
            if day_of(each.sent_at) in period:
                code = language_number(each.language)
                customer = each.respondent.customer_id or 0
                key = (part, each.campaign_id, code, customer, each.profile_id)
                found[*key, "invited"] += 1
                found[*key, "answered"] += each.pk in answered
    return Counter({key: count for key, count in found.items() if count})


def invitations_from_cells() -> tuple[int, int]:
    found = counted(PERIODS[-1])
    invited, answered = (
        sum(count for key, count in found.items() if key[-1] == what)
        for what in ("invited", "answered")
    )
    return invited, answered


def invitations_from_rows() -> tuple[int, int]:
    sent = Invitation.objects.filter(state__in=SENT, sent_at__isnull=False)
    return sent.count(), sent.filter(response__suspect=False).count()


class Life:
    """What happens to mails as the services do it, at the moment of a clock that only goes on."""

    def __init__(self) -> None:
        self.now = midnight(START) - 10 * MINUTE
        self.campaigns = [world.make_campaign(), world.make_campaign(state="imported")]

    def take(self, step: tuple[object, ...]) -> None:
        name, *values = step
        self.now += MINUTE
        getattr(self, f"_{name}".replace(" ", "_"))(*values)

    def _pick(self, place: int, **where: Any) -> Invitation | None:
        rows = list(Invitation.objects.filter(**where).order_by("pk"))
        return rows[place % len(rows)] if rows else None

    def _claim(self) -> None:
        # Of a customer known from the start, or only later.
        customer = world.make_customer() if self.now.minute % 2 else None
        respondent = world.make_respondent(customer)
        world.ask(respondent, self.campaigns[0], sent=None, state="sending", claimed_at=self.now)

    def _settle(self, place: int, outcome: str) -> None:
        if row := self._pick(place, state="sending"):
            sent_at = None if outcome == "failed" else self.now
            Invitation.objects.filter(pk=row.pk).update(state=outcome, sent_at=sent_at)

    def _give_up(self, place: int) -> None:
        """The sweep knows only when the attempt was begun."""
        if row := self._pick(place, state="sending"):
            Invitation.objects.filter(pk=row.pk).update(state="unknown", sent_at=row.claimed_at)

    def _resolve(self, place: int, outcome: str) -> None:
        if row := self._pick(place, state="unknown"):
            sent_at = None if outcome == "queued" else row.sent_at
            Invitation.objects.filter(pk=row.pk).update(state=outcome, sent_at=sent_at)

    def _answer(self, place: int, suspect: bool) -> None:
        if row := self._pick(place, response=None):
            world.answer(row, 9, at=self.now.isoformat(), suspect=suspect)

    def _suspect(self, place: int, suspect: bool) -> None:
        if row := self._pick(place, response__isnull=False):
            world.change(row.response, suspect=suspect)

    def _name_customer(self, place: int) -> None:
        if row := self._pick(place, respondent__customer=None):
            row.respondent.customer = world.make_customer()
            row.respondent.save()

    def _import(self, days: int, score: int) -> None:
        asked = self.now - dt.timedelta(days=days)
        invitation = world.ask(
            world.make_respondent(), self.campaigns[1], sent=asked.isoformat(), reason="imported"
        )
        world.answer(invitation, score, at=asked.isoformat())

    def _move_import(self, place: int, days: int) -> None:
        if row := self._pick(place, reason="imported"):
            asked = self.now - dt.timedelta(days=days)
            moved = Change(row.response, score=5, comment="", sent_at=asked, response_id=None)
            write_responses([], [moved], now=self.now)

    def _minutes(self, count: int) -> None:
        self.now += count * MINUTE

    def _days(self, count: int) -> None:
        self.now += dt.timedelta(days=count)

    def _fold(self, limit: int) -> None:
        folding.fold(limit=limit)

    def _close(self) -> None:
        folding.close_invitations(now=self.now)

    def _rebuild(self) -> None:
        folding.rebuild()


class BlocksAreTheInvitations(TestCase):
    @settings(max_examples=int(os.environ.get("CELL_EXAMPLES", "25")), deadline=None)
    @given(steps=STEPS)
    def test_counting_with_blocks_equals_counting_the_rows(
        self, steps: list[tuple[object, ...]]
    ) -> None:
        life = Life()
        for step in steps:
            life.take(step)
            self.check()
        folding.fold_all()
        folding.close_invitations(now=midnight(dt.date(2026, 12, 1)))
        self.check()

    def check(self) -> None:
        for periods in PERIODS:
            assert counted(periods) == from_rows(periods)


def at(moment: str) -> dt.datetime:
    return dt.datetime.fromisoformat(moment).replace(tzinfo=dt.UTC)


def test_a_tick_counts_all_but_the_last_minutes() -> None:
    campaign = world.make_campaign()
    for minute in (0, 54, 55, 59):
        world.ask(world.make_respondent(), campaign, sent=f"2026-04-10T12:{minute:02}+00:00")

    folding.close_invitations(now=at("2026-04-10T13:00"))

    block = InvitationBlock.objects.get()
    assert block.until == at("2026-04-10T12:55")
    assert invited_in(block) == 2
    folding.close_invitations(now=at("2026-04-10T13:10"))
    assert invited_in(InvitationBlock.objects.get()) == 4


def invited_in(block: InvitationBlock) -> int:
    return int(unpacked(bytes(block.totals), of=Asked).invited.sum())


def test_what_came_before_a_mail_still_being_sent_is_all_that_is_counted() -> None:
    """Its sender may yet write down that it went out before the tick."""
    campaign = world.make_campaign()
    world.ask(world.make_respondent(), campaign, sent="2026-04-10T12:00+00:00")
    claimed = at("2026-04-10T12:30")
    world.ask(world.make_respondent(), campaign, sent=None, state="sending", claimed_at=claimed)

    folding.close_invitations(now=at("2026-04-12T00:00"))

    assert InvitationBlock.objects.get().until == claimed


def test_mail_that_a_provider_settles_late_counts_in_the_month_it_was_sent() -> None:
    campaign = world.make_campaign()
    for sent in ("2026-03-10", "2026-03-11"):
        world.ask(
            world.make_respondent(world.make_customer()), campaign, sent=f"{sent}T12:00+00:00"
        )
    unknown = Invitation.objects.latest("sent_at")
    Invitation.objects.filter(pk=unknown.pk).update(state=InvitationState.UNKNOWN)
    folding.close_invitations(now=at("2026-04-10T00:00"))
    assert check_cells().wrong == ()

    moment = at("2026-04-11T00:00")
    told = {"provider": "p", "event_id": "1", "kind": "delivered", "detail": {}}
    provider_events.keep(invitation=unknown, occurred_at=moment, **told)
    provider_events.apply_events(now=moment)

    assert Invitation.objects.get(pk=unknown.pk).state == "sent"
    assert check_cells().wrong == ()
    world.answer(Invitation.objects.get(pk=unknown.pk), 9)
    folding.fold_all()
    folding.close_invitations(now=at("2026-04-12T00:00"))
    assert check_cells().wrong == ()
    assert invitations_from_cells() == invitations_from_rows() == (2, 1)


def test_late_answer_is_folded_into_its_block() -> None:
    late = world.ask(world.make_respondent(), world.make_campaign())
    folding.close_invitations(now=at("2026-06-15T00:00"))
    kept = set(InvitationBlock.objects.values_list("pk", flat=True))

    world.answer(late, 9, at="2026-08-01T00:00+00:00")
    assert invitations_from_cells() == (1, 1)
    folding.fold_all()

    assert invitations_from_cells() == (1, 1)
    assert set(InvitationBlock.objects.values_list("pk", flat=True)) == kept


def test_large_history_is_counted_month_by_month() -> None:
    campaign = world.make_campaign()
    for month in range(1, 6):
        world.ask(world.make_respondent(), campaign, sent=f"2026-{month:02}-10T12:00+00:00")

    waiting = [folding.close_invitations(now=at("2026-06-15T00:00"), months=4) for _ in range(2)]

    assert waiting == [2, 0]
    assert InvitationBlock.objects.count() == 6
