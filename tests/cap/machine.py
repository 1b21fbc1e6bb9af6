"""Any order of all that the product does, with anything happening while an e-mail is on its way."""

from __future__ import annotations

import logging
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from django.db import transaction
from django.db.models import Q
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from surveys.domain.states import CLAIMABLE, HOLDS_SLOT, InvitationState
from surveys.models import Invitation, Slot
from surveys.queries.delivery import balances
from surveys.queries.proofs import frequency_violations
from tests.cap.engine import Transmission, Turn
from tests.cap.record import BOOKS, Mail
from tests.cap.world import World
from tests.world import DAY, HOUR, SECOND, WINDOW

T = TypeVar("T")
RUN = 9
SETTINGS = settings(
    max_examples=RUN,
    stateful_step_count=20,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)
# Aimed at the edges: a queue that waits for months, and one second either side of a window.
STEPS = [SECOND, HOUR / 3, DAY, 4 * DAY, 60 * DAY, 200 * DAY, WINDOW - 200 * DAY, WINDOW - SECOND]
WHAT = [*["wait"] * 3, *["tick"] * 3, *["act"] * 3, "dispatch", "dispatch", "work"]
WHICH = st.integers(0, 15)
ACTIONS = [
    *("merge", "erase", "stop", "opt_out", "lift", "provider_event"),
    *("import_history", "import_respondent", "enter_answer", "ask_customer"),
    *("pause", "resume", "cancel", "sweep", "lose_tasks"),
]
MEANWHILE = [*ACTIONS, "merge_this", "another_worker", "a_tick", "a_third_of_an_hour", "a_minute"]
# Whether the next of the example's habits has a turn with an e-mail's outcome, and meanwhile.
TURNS = st.lists(st.tuples(st.booleans(), st.booleans(), WHICH), min_size=2, max_size=5)
Turns = list[tuple[bool, bool, int]]


@dataclass(frozen=True, slots=True)
class Habits:
    """What may happen in an example: what happens once in it happens often, which finds more."""

    outcomes: Sequence[Transmission] = ()
    actions: Sequence[str] = ()
    meanwhile: Sequence[str] = ()


HABITS = st.builds(
    Habits,
    st.lists(st.sampled_from(Transmission), min_size=1, max_size=3),
    st.lists(st.sampled_from(ACTIONS), min_size=1, max_size=4),
    st.lists(st.sampled_from(MEANWHILE), min_size=1, max_size=3),
)


class Log(logging.Handler):
    def __init__(self, faults: list[str]) -> None:
        super().__init__(logging.ERROR)
        self.faults = faults

    def emit(self, record: logging.LogRecord) -> None:
        self.faults.append(f"{record.getMessage()} {record.exc_info}")


class Cap(RuleBasedStateMachine):
    # For a search that knows what it is for.
    aim: Habits | None = None

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.folder = tempfile.TemporaryDirectory()
        self.world = World(Path(self.folder.name))
        # The sender and the sweep outlive what they could not do, and write it to the log.
        self.log = Log(self.world.record.faults)
        logging.getLogger("surveys").addHandler(self.log)

    def teardown(self) -> None:
        try:
            if sys.exc_info()[0] is None:
                self.world.finish()
                self.all_holds()
                assert all(each.holds for each in balances())
        finally:
            logging.getLogger("surveys").removeHandler(self.log)
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)
            self.folder.cleanup()

    @initialize(which=WHICH, habits=HABITS)
    def begin(self, which: int, habits: Habits) -> None:
        self.habits = self.aim or habits
        self.world.launch_one(which)

    # One rule, as Hypothesis would leave out some of several in most examples.
    @rule(what=st.sampled_from(WHAT), which=WHICH, turns=TURNS)
    def step(self, what: str, which: int, turns: Turns) -> None:
        if what in ("tick", "dispatch") and which % 2:
            self.world.launch_one(which)
        match what:
            case "wait":
                self.world.wait(STEPS[which % len(STEPS)])
            case "tick":
                self.world.tick(self._played(turns))
            case "dispatch":
                happening = _one_of(self.habits.meanwhile, which)
                self.world.plan(lambda: self._happen(happening, which))
                self.world.dispatch()
            case "work":
                self.world.work(which, self._played(turns), again=which % 3 == 0)
            case "act":
                self._happen(_one_of(self.habits.actions, which), which // 2)

    def _played(self, turns: Turns) -> Turn:
        """The turns in their order; e-mails beyond them are accepted."""
        left = list(turns)

        def play(mail: Mail) -> Transmission:
            if not left:
                return Transmission.ACCEPTED
            is_special, is_disturbed, which = left.pop(0)
            if is_disturbed:
                self._happen(_one_of(self.habits.meanwhile, which), which, mail.address)
            special = _one_of(self.habits.outcomes, which) if is_special else None
            return special or Transmission.ACCEPTED

        return play

    def _happen(self, what: str | None, which: int, address: str = "") -> None:
        """`address`: whose e-mail is on its way."""
        if what is None:
            return
        if what == "another_worker":
            self.world.plan()
            self.world.dispatch()
            self.world.work(which, self._played([]), again=which % 2 == 0)
        elif what == "a_third_of_an_hour":
            self.world.wait(HOUR / 3)
            self.world.sweep()
        elif what == "a_minute":
            self.world.wait(HOUR / 60)
        elif what == "merge_this":
            self.world.merge(which, address=address)
        elif what in ("sweep", "lose_tasks"):
            getattr(self.world, what)()
        elif what == "a_tick":
            self.world.tick(self._played([]))
        else:
            getattr(self.world, what)(which)

    @invariant()
    def all_holds(self) -> None:
        self.promises_hold()
        self.slots_stand_as_they_must()

    def promises_hold(self) -> None:
        record, proof = self.world.record, frequency_violations()
        seen = "the proof sees it" if proof.violations else "the proof does not see it"
        assert not record.faults, f"{'; '.join(record.faults)}; {seen}"
        assert not proof.violations, f"the proof alone sees {proof.first}"
        sends = len(record.sends)
        assert sends <= proof.sends <= sends + len(record.doubtful), f"{BOOKS}: {proof}, {record}"

    def slots_stand_as_they_must(self) -> None:
        idle = Slot.objects.filter(held_by__isnull=False).exclude(held_by__state__in=HOLDS_SLOT)
        assert not idle.exists(), f"a slot held for nothing: {idle.values()}"
        joined = [self.world.persons[each].pk for each in self.world.record.joined]
        # What was claimed before keeps a slot that a merge may have given a date, or is left
        # without one: its next claim ends it.
        untried = Q(state=InvitationState.QUEUED, attempts_made=0, email="")
        waiting = Invitation.objects.filter(~Q(person__in=joined) | untried, state__in=CLAIMABLE)
        stranded = waiting.filter(Q(slot__isnull=True) | Q(slot__free_at__gt=self.world.now))
        assert not stranded.exists(), f"waiting without a slot that is free: {stranded.values()}"


def search(*, examples: int, first: int = 0, aim: Habits | None = None) -> None:
    """In small runs: in a longer one Hypothesis tries the same with small changes, again and again,
    which here finds less than something new."""
    for number in range(first, first + examples, RUN):
        aimed = type("Aimed", (Cap,), {"aim": aim})
        run_state_machine_as_test(seed(number)(aimed), settings=SETTINGS)


def _one_of(choices: Sequence[T], number: int) -> T | None:
    return choices[number % len(choices)] if choices else None
