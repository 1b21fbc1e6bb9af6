"""Persons with two addresses are merged while two machines send to both, under kills.

Each pair is asked by one campaign under both addresses, every other one by a second campaign under
each, so that the cap has its say. The merges aim at pairs of whom one is asked while the other is
being asked, by a mail that may come back to be tried again.
"""

from __future__ import annotations

import datetime as dt
import itertools
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.models import Customer, Person, Respondent
from surveys.domain.frequency import NEVER_USED
from surveys.domain.states import COUNTED
from surveys.models import Campaign, Invitation, Slot
from surveys.queries.delivery import findings
from surveys.services.slots import merge_persons
from tests.faults.rig.books import must_be_zero, read_accepted
from tests.faults.rig.machine import Disturbance, Kills, Machine
from tests.faults.rig.stack import Stack, states
from tests.faults.scenes.machines import UNDER_WAY, resume_paused

# Which campaigns ask under which address: both of them one and the same.
ASKED = ((("both", "first"), ("both", "last")), (("both",), ("both",)))
PAIRS_PER_ACT = 6
MERGING = 6
# The mail that a merge comes too late for may be the one that comes back.
LATER = "451 4.3.0 later at dot"
ANYBODY = 0.03
# What a merge has read gets old for so long.
READS, SLOW = 'SELECT "surveys_invitation"."campaign_id"', 0.1


Pair = tuple[int, int]


def play(
    *, folder: Path, redis_url: str, pairs: int, seed: int, seconds: float, mutant: str = ""
) -> dict[str, Any]:
    chance = random.Random(seed)
    people = make_pairs(pairs, chance=chance)
    server = ["tests.faults.rig.rough_server", "--folder", str(folder), "--seed", str(seed)]
    server += ["--share", "0.4", "--delay", "0.4", "--only", LATER]
    koe = Stack(
        folder=folder, redis_url=redis_url, server=server,
        FAULT_BREAKERS="closed", FAULT_RETRIES="soon", FAULT_IN_FLIGHT="20", FAULT_LEASE="10",
        FAULT_MUTANT=mutant,
    )  # fmt: skip
    kills, merger = Kills(), Merger(people, seed=seed)
    try:
        machines = [Machine(koe, f"machine{each}", kills) for each in range(2)]
        disturb = Disturbance(
            machines, acts=pairs // PAIRS_PER_ACT, chance=chance, pause=(0.3, 0.9)
        )
        koe.wait(lambda: states()["sent"] > 3, seconds=seconds)
        with merger.at_work():
            koe.wait(lambda: _is_over(disturb, merger), seconds=seconds)
    finally:
        koe.stop()
    return _figures(folder, kills, merger)


def _is_over(disturb: Disturbance, merger: Merger) -> bool:
    resume_paused()
    disturb()
    merger.check()
    return not UNDER_WAY & set(states())


def make_pairs(number: int, *, chance: random.Random) -> list[Pair]:
    """One human being each, known as two persons; their mails are sent in any order."""
    campaigns = {
        name: Campaign.objects.create(slug=name, name=name, state="running")
        for name in ("first", "both", "last")
    }
    customers = [Customer.objects.create(customer_id=f"c{n}", name=f"C{n}") for n in range(2)]
    people = [
        tuple(Person.objects.create(mail_key=f"p{each}-{n}@example.com") for n in range(2))
        for each in range(number)
    ]
    wanted = []
    for pair, asked_as in zip(people, itertools.cycle(ASKED)):
        for person, customer, asked in zip(pair, customers, asked_as, strict=True):
            respondent = Respondent.objects.create(
                person=person, customer=customer, email=person.mail_key, language="en"
            )
            wanted += [(respondent, slot, campaigns[name]) for slot, name in enumerate(asked)]
    chance.shuffle(wanted)
    for respondent, slot, campaign in wanted:
        row = Invitation.objects.create(
            campaign=campaign, respondent=respondent, person=respondent.person, language="en",
            send_at=timezone.now(),
        )  # fmt: skip
        Slot.objects.create(person=row.person, number=slot, free_at=NEVER_USED, held_by=row)
    return [(one.pk, other.pk) for one, other in people]


class Merger:
    """Merges pairs in several threads, from the moment that it is told to until all are merged."""

    def __init__(self, pairs: list[Pair], *, seed: int) -> None:
        self._pair_of = {each: pair for pair in pairs for each in pair}
        self._left = set(pairs)
        self._chance = random.Random(seed)
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._failures: list[BaseException] = []
        # When a merge was there for everybody to see, by the person merged away.
        self.known_at: dict[int, dt.datetime] = {}

    @contextmanager
    def at_work(self) -> Iterator[None]:
        threads = [threading.Thread(target=self._work) for _ in range(MERGING)]
        for each in threads:
            each.start()
        try:
            yield
        finally:
            self._stop.set()
            for each in threads:
                each.join()
            self.check()

    def check(self) -> None:
        if self._failures:
            raise self._failures[0]

    def _work(self) -> None:
        try:
            with connection.execute_wrapper(self._slowly):
                while not self._stop.wait(self._chance.uniform(0, 0.1)):
                    if both := self._next():
                        self._merge(*both)
        except Exception as failure:
            self._failures.append(failure)
        finally:
            connection.close()

    def _next(self) -> tuple[int, int] | None:
        """Whom to keep and whom not: of whom one is asked and one just being; sometimes anybody."""
        rows = Invitation.objects.filter(campaign__slug="both")
        sending = list(rows.filter(state="sending").values_list("person", flat=True))
        asked = set(rows.filter(state__in=COUNTED).values_list("person", flat=True))
        with self._lock:
            left = {each for pair in self._left for each in pair}
            near = [each for each in sending if asked.issuperset(self._pair_of[each])]
            found = sorted(left.intersection(near))
            if not found and self._chance.random() < ANYBODY:
                found = sorted(left)
            if not found:
                return None
            gone = self._chance.choice(found)
            pair = self._pair_of[gone]
            self._left.discard(pair)
        [kept] = set(pair) - {gone}
        return (kept, gone) if self._chance.random() < 0.5 else (gone, kept)

    def _merge(self, kept: int, gone: int) -> None:
        both = [Person.objects.get(pk=each) for each in (kept, gone)]
        merge_persons(*both, now=timezone.now(), by=None)
        # The books say when it was begun. Who claimed while it was being written did not know.
        known_at = timezone.now()
        Person.objects.filter(pk=gone).update(merged_at=known_at)
        self.known_at[gone] = known_at

    def _slowly(self, execute: Any, sql: str, *rest: Any) -> Any:
        found = execute(sql, *rest)
        if sql.startswith(READS):
            time.sleep(self._chance.uniform(0, SLOW))
        return found


def _figures(folder: Path, kills: Kills, merger: Merger) -> dict[str, Any]:
    accepted = read_accepted(folder / "accepted.tsv")
    both = [_Both(gone, merger) for gone in merger.known_at]
    taken = {each.message_id for each in accepted}
    return {
        "kills": len(kills.at),
        "merges": len(both),
        "unknown by a lost worker": Invitation.objects.filter(reason="worker_lost").count(),
        "states": dict(states()),
        "reasons": dict(Counter(Invitation.objects.values_list("reason", flat=True))),
        "found by check_deliveries": list(findings(now=timezone.now())),
        "merges after the first of two mails": sum(each.was_asked_before for each in both),
        "zero": {
            **must_be_zero(accepted),
            "the same survey to one known to be one": sum(each.is_asked_again for each in both),
            "of these accepted": sum(each.is_asked_again and each.ids <= taken for each in both),
            "asked by neither mail, each for the other's sake": sum(
                each.reasons == ["merged", "merged"] for each in both
            ),
        },
    }


class _Both:
    """The two mails of one survey to the two addresses of one pair."""

    def __init__(self, gone: int, merger: Merger) -> None:
        pair = merger._pair_of[gone]
        addresses = Person.objects.filter(pk__in=pair).values("mail_key")
        rows = Invitation.objects.filter(campaign__slug="both", respondent__email__in=addresses)
        counted = [each for each in rows if each.state in ("sending", "sent", "unknown")]
        claims = sorted(each.claimed_at for each in counted if each.claimed_at)
        self.ids = {each.message_id for each in counted}
        self.reasons = [each.reason for each in rows]
        self.was_asked_before = bool(claims) and claims[0] < merger.known_at[gone]
        self.is_asked_again = len(claims) == 2 and claims[1] > merger.known_at[gone]
