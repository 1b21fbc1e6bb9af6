"""No detractor is lost while answers, corrections, merges, erasures and staff meet."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.db import transaction

from accounts.models import Person
from actions.domain.follow_ups.states import Dismissal
from actions.models import FollowUp, FollowUpRule, HoldOut
from actions.queries.follow_ups.balance import Balance, balance, undecided
from actions.services.follow_ups import answers, decisions, work
from actions.services.follow_ups.work import Act, Stale
from surveys.services.answers.receive import receive
from surveys.services.people.erase import erase_person
from surveys.services.slots import merge_persons
from tests.actions.following import OWNER
from tests.at_once import run_at_once
from tests.staffing import make_staff
from tests.world import HOUR, NOW, make_customer, make_invitation, make_respondent

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
AT_ONCE, ACTS = 5, 14


class World:
    """Few customers, so that all meet; every person has two links."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.admin = make_staff("admin", OWNER)
        FollowUpRule.objects.create(trigger="score", level=4, due_hours=9)
        FollowUpRule.objects.create(trigger="fall", level=1, due_hours=9)
        HoldOut.objects.create(percent=50)
        customers = [make_customer(owner_email=OWNER) for _ in range(3)]
        people = [make_respondent(customer=each) for each in customers * 3]
        self.links = [
            make_invitation(each, state="sent", sent_at=NOW).public_id
            for each in people
            for _ in range(2)
        ]
        persons = [each.person_id for each in people]
        self.pairs = list(zip(persons[0:4:2], persons[1:4:2], strict=True))
        self.erased = persons[4:6]

    def play(self) -> None:
        run_at_once([self._acts(seed) for seed in range(AT_ONCE)])

    def _acts(self, seed: int) -> Callable[[], None]:
        chance = random.Random(f"{seed} {self.chance.random()}")
        acts = [self._answer] * 6 + [self._close, self._dismiss, self._decide, self._reopen]

        def run() -> None:
            for number in range(ACTS):
                with suppress(Stale):
                    chance.choice(acts)(chance, number)
            if self.pairs:
                kept, gone = (Person.objects.get(pk=each) for each in self.pairs.pop())
                merge_persons(kept, gone, now=NOW, by=self.admin)
            elif self.erased:
                erase_person(Person.objects.get(pk=self.erased.pop()), by=self.admin, now=NOW)

        return run

    def _answer(self, chance: random.Random, number: int) -> None:
        posted = {"score": [str(chance.randrange(10))]}
        receive(chance.choice(self.links), posted, now=NOW + chance.random() * HOUR)

    def _act(self, chance: random.Random, *, closed: bool) -> Act | None:
        found = [each for each in FollowUp.objects.all() if (each.state == "closed") is closed]
        each = chance.choice(found) if found else None
        return Act(each, each.version, self.admin, NOW) if each else None

    def _close(self, chance: random.Random, number: int) -> None:
        if act := self._act(chance, closed=False):
            work.close(act, cause="price", outcome="x", contacted=True)

    def _dismiss(self, chance: random.Random, number: int) -> None:
        if act := self._act(chance, closed=False):
            work.dismiss(act, reason=Dismissal.SOLVED, note="")

    def _reopen(self, chance: random.Random, number: int) -> None:
        if act := self._act(chance, closed=True):
            work.reopen(act, reason="x")

    def _decide(self, chance: random.Random, number: int) -> None:
        for pk in list(undecided().values_list("pk", flat=True))[:1]:
            if chance.random() < 0.5:
                decisions.follow_up_waiting(pk, by=self.admin, now=NOW)
            else:
                decisions.dismiss_waiting(
                    [pk], reason=Dismissal.OTHER, note="", by=self.admin, now=NOW
                )


def played(seed: int) -> Balance:
    World(seed).play()
    return balance()


@pytest.mark.parametrize("seed", range(3))
def test_every_detractor_is_in_one_of_three_whatever_meets(seed: int) -> None:
    found = played(seed)

    assert found.faults == 0
    assert found.detractors == found.followed_up + found.dismissed + found.waiting
    assert found.detractors > 3
    assert found.followed_up + found.dismissed > 0


def _no_case(*_: Any, **__: Any) -> None:
    """The follow-up is opened, and the answer's row forgotten."""


def _after_the_answer(original: Any) -> Any:
    """Outside the answer's transaction, where what fails takes no answer back."""

    def later(changes: Any) -> None:
        def run() -> None:
            with suppress(Exception), transaction.atomic():
                original(changes)
                raise RuntimeError("killed")

        transaction.on_commit(run)

    return later


@pytest.mark.parametrize("planted", ["no case", "after the answer", "no decision"])
def test_planted_bugs_are_seen(planted: str, monkeypatch) -> None:
    if planted == "no case":
        monkeypatch.setattr(answers, "_settle", _no_case)
    elif planted == "after the answer":
        monkeypatch.setattr("actions.receivers.on_changes", _after_the_answer(answers.on_changes))
    else:
        monkeypatch.setattr(answers._Answer, "is_new", property(lambda each: False))

    assert played(0).faults > 0
