"""The cap under any order of reserving, sending, cancelling, merging, erasing and waiting.

And the proof that the search would notice: with each planted bug the very same search must fail.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from accounts.models import Person, Respondent
from surveys.domain import frequency
from surveys.domain.states import CLAIMABLE, InvitationState
from surveys.models import Invitation, Slot
from surveys.queries.proofs import frequency_violations
from surveys.services import slots
from surveys.services.people.erase import erase_person
from tests import world
from tests.staffing import make_staff
from tests.world import (
    DAY,
    NOW,
    SECOND,
    WINDOW,
    claim,
    finish,
    make_customer,
    make_person,
    make_respondent,
    queue,
)

pytestmark = pytest.mark.django_db

EXAMPLES = int(os.environ.get("CAP_EXAMPLES", "150"))
# Aimed at the edges: a queue that waits for months, and one second either side of a window.
STEPS = [DAY, 60 * DAY, 200 * DAY, WINDOW - 200 * DAY, WINDOW - SECOND, SECOND]
OUTCOMES = [InvitationState.SENT, InvitationState.UNKNOWN, InvitationState.FAILED, "retry"]


class Cap(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.now = NOW
        self.customer = make_customer()
        self.people = [make_person() for _ in range(3)]
        for person in self.people:
            make_respondent(person)
        # What we know ourselves, beside the database: who is whom, and when mails went out.
        self.humans = {person.pk: {person.pk} for person in self.people}
        self.sends: list[tuple[int, dt.datetime]] = []

    def teardown(self) -> None:
        violations = frequency_violations().violations
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)
        assert violations == 0

    @rule(step=st.sampled_from(STEPS))
    def wait(self, step: dt.timedelta) -> None:
        self.now += step

    @rule(which=st.integers(0, 2))
    def reserve(self, which: int) -> None:
        queue(self._respondent(which), now=self.now)

    @rule(which=st.integers(0, 5))
    def send(self, which: int) -> None:
        """Claimed and accepted at once, as nearly all mails are."""
        invitation = self._pick(which, *CLAIMABLE)
        if invitation is not None and self._claim(invitation):
            finish(invitation, InvitationState.SENT, now=self.now)

    @rule(which=st.integers(0, 5))
    def start_sending(self, which: int) -> None:
        invitation = self._pick(which, *CLAIMABLE)
        if invitation is not None:
            self._claim(invitation)

    @rule(which=st.integers(0, 5), outcome=st.sampled_from(OUTCOMES))
    def end_sending(self, which: int, outcome: str) -> None:
        invitation = self._pick(which, InvitationState.SENDING)
        if invitation is None:
            return
        if outcome == "retry":
            slots.unanchor([invitation.pk])
            Invitation.objects.filter(pk=invitation.pk).update(
                state=InvitationState.RETRY, sent_at=None
            )
        else:
            finish(invitation, InvitationState(outcome), now=self.now)
        if outcome in (InvitationState.FAILED, "retry"):
            self.sends.remove((invitation.person_id, invitation.sent_at))

    @rule(which=st.integers(0, 5))
    def cancel(self, which: int) -> None:
        invitation = self._pick(which, *CLAIMABLE)
        if invitation is not None:
            slots.release([invitation.pk])
            Invitation.objects.filter(pk=invitation.pk).update(state=InvitationState.CANCELLED)

    @rule()
    def import_history(self) -> None:
        """An import looks at the slots again; nothing it knows is new."""
        slots.occupy_from_history([person.pk for person in self.people], now=self.now)

    @precondition(lambda self: len(self.people) > 1)
    @rule(which=st.integers(0, 2))
    def merge(self, which: int) -> None:
        gone = self.people.pop(which % len(self.people))
        kept = self.people[0]
        self.now += SECOND  # a mail claimed before it is told from one claimed after it
        slots.merge_persons(kept, gone, now=self.now, by=None)
        self.humans[kept.pk] |= self.humans.pop(gone.pk)

    def _respondent(self, which: int) -> Respondent:
        person = self.people[which % len(self.people)]
        found = Respondent.objects.filter(person=person).order_by("id").first()
        assert found is not None
        return found

    def _pick(self, which: int, *states: InvitationState) -> Invitation | None:
        found = list(Invitation.objects.filter(state__in=states).order_by("id"))
        return found[which % len(found)] if found else None

    def _claim(self, invitation: Invitation) -> bool:
        human = next(each for each in self.humans.values() if invitation.person_id in each)
        recent = [at for person, at in self.sends if person in human and self.now - at < WINDOW]
        if not claim(invitation, now=self.now):
            return False
        self.sends.append((invitation.person_id, self.now))
        assert len(recent) < 2, f"a third survey at {self.now} after {recent}"
        return True


class CapAndErasing(Cap):
    """Apart, as the planted bugs are found with fewer steps to choose from."""

    def __init__(self) -> None:
        super().__init__()
        self.admin = make_staff("admin")

    @rule(which=st.integers(0, 2))
    def erase(self, which: int) -> None:
        """Their address may come back with an import; their slots must not be free then."""
        erase_person(self.people[which % len(self.people)], by=self.admin, now=self.now)


def search(machine: type[Cap] = Cap, *, examples: int = EXAMPLES) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=25,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.both_databases
@pytest.mark.parametrize("machine", [Cap, CapAndErasing])
def test_no_order_of_events_leads_to_a_third_survey(machine: type[Cap]) -> None:
    """R50."""
    search(machine, examples=EXAMPLES // 2)


def anchor_at_reserve(patch: pytest.MonkeyPatch) -> None:
    reserve = slots.reserve

    def reserve_and_anchor(wanted: dict[int, int], *, now: dt.datetime) -> set[int]:
        held = reserve(wanted, now=now)
        Slot.objects.filter(held_by__in=held).update(free_at=now + WINDOW)
        return held

    def anchor(invitation: Invitation, *, now: dt.datetime) -> int:
        return Slot.objects.filter(held_by=invitation).count()

    patch.setattr(slots, "reserve", reserve_and_anchor)
    patch.setattr(world, "anchor", anchor)


def release_after_send(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(world, "settle", lambda invitation: slots.release([invitation.pk]))


def merge_keeps_one_side(patch: pytest.MonkeyPatch) -> None:
    def only_ours(
        ours: frequency.Slots, theirs: frequency.Slots, *, limit: int, now: dt.datetime
    ) -> frequency.Merged:
        return frequency.Merged(ours, (), ())

    patch.setattr(frequency, "merge", only_ours)


def merge_ignores_holds(patch: pytest.MonkeyPatch) -> None:
    """The dates are merged, but a queued mail of the other person keeps the slot it had there."""
    merge = slots._merge

    def careless(kept: Person, gone: Person, *, now: dt.datetime, by: None) -> None:
        held = list(Slot.objects.filter(person=gone, held_by__isnull=False, free_at__lte=now))
        Slot.objects.filter(pk__in=[slot.pk for slot in held]).update(held_by=None)
        merge(kept, gone, now=now, by=by)
        for slot in held:
            Slot.objects.filter(pk=slot.pk).update(held_by=slot.held_by_id, free_at=slot.free_at)

    patch.setattr(slots, "_merge", careless)


@pytest.mark.parametrize(
    "plant",
    [anchor_at_reserve, release_after_send, merge_keeps_one_side, merge_ignores_holds],
)
def test_planted_bug_is_found(
    plant: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(monkeypatch)
    with pytest.raises(AssertionError):
        search(examples=2000)
