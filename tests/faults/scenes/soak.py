"""A long run with everything at once, and what must be true at its end.

Two workers and two beats plan and send four overlapping campaigns over a mail server on which a
third of the mails fail in some way; children and workers are killed, deployed anew and forgotten
by their broker; people opt out while their mail is under way. The test itself only plays the staff
that resumes what paused itself.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.test import Client
from django.utils import timezone

from accounts.models import Customer, Person, Respondent, Suppression
from surveys.models import Attempt, Campaign, Invitation
from tests.faults.rig.books import Accepted, must_be_zero, read_accepted
from tests.faults.rig.rough_server import FAULTS
from tests.faults.rig.stack import Stack, children_of, kill_all, states
from tests.surveys.helpers.invited import opt_out_path

CAMPAIGNS = 4
DOMAINS = 1000
OPTING_OUT = 0.03
LONG = 5000
MAILS_PER_ACT = 20
# Mail in hand when the opt-out was committed is past its last look and may still go.
IN_HAND = 5.0
UNDER_WAY = {"queued", "retry", "sending"}


@dataclass(frozen=True, slots=True)
class Figures:
    """What the run was, and what must be zero."""

    done: Counter[str]
    faults: Counter[str]
    states: Counter[str]
    zero: dict[str, int]
    unknown_at_most: int

    def rows(self) -> dict[str, int]:
        return {
            **self.done,
            **{f"fault: {name}": number for name, number in sorted(self.faults.items())},
            **{f"end state: {name}": number for name, number in sorted(self.states.items())},
            "faults from the body on, and kills: at most as many unknown": self.unknown_at_most,
            **{f"must be 0: {name}": number for name, number in self.zero.items()},
        }


class Soak:
    def __init__(self, *, sends: int, seed: int, folder: Path, redis_url: str) -> None:
        self.chance = random.Random(seed)
        # So many and then in peace, so that the run ends.
        self._acts_left = sends // MAILS_PER_ACT
        self._pause = (0.3, 0.8) if sends < LONG else (0.5, 5.0)
        self.folder = folder
        self.done: Counter[str] = Counter()
        self.opted_out: dict[str, float] = {}
        self._people = make_people(sends // 2)
        server = ("tests.faults.rig.rough_server", "--folder", str(folder), "--seed", str(seed))
        self.koe = Stack(
            folder=folder, redis_url=redis_url, server=server,
            FAULT_SOAK="800", FAULT_BREAKERS="closed", FAULT_LEASE="20", FAULT_BATCH="50",
        )  # fmt: skip
        self._workers: list[subprocess.Popen[bytes]] = []
        self._next_kill = 0.0

    def run(self, *, seconds: float) -> Figures:
        """Until all is settled, at most so long."""
        began = time.monotonic()
        for number in range(CAMPAIGNS):
            # The last one comes while the mails of the others are under way.
            Campaign.objects.create(
                slug=f"soak-{number}",
                name=f"Soak {number}",
                state="running" if number < CAMPAIGNS - 1 else "draft",
                starts_at=timezone.now(),
            )
        opting_out = _Repeated(self._opt_one_out, every=0.1)
        try:
            for _ in range(2):
                self.koe.start_beat()
                self._workers.append(self.koe.start_worker())
            self._wait(lambda: states()["sent"] > 5, until=began + seconds)
            opting_out.start()
            self._wait(self._is_over, until=began + seconds, each=self._disturb)
        finally:
            opting_out.stop()
            self.koe.stop()
        self.done["seconds"] = round(time.monotonic() - began)
        return self._figures()

    def _wait(
        self, done: Callable[[], bool], *, until: float, each: Callable[[], None] = lambda: None
    ) -> None:
        while not done():
            if time.monotonic() > until:
                raise AssertionError(f"not done in time: {dict(states())} {dict(self.done)}")
            self._resume_paused()
            each()
            time.sleep(0.2)

    def _is_over(self) -> bool:
        """Every campaign looked at everybody, and nothing waits any more."""
        launched = Campaign.objects.exclude(looked_through_at=None).count()
        return launched == CAMPAIGNS and not UNDER_WAY & set(states())

    # --- what happens meanwhile

    def _disturb(self) -> None:
        Campaign.objects.filter(state="draft").update(state="running")
        if time.monotonic() < self._next_kill or not self._acts_left:
            return
        self._acts_left -= 1
        acts = [self._kill_child, self._kill_worker, self._deploy, self._forget]
        [act] = self.chance.choices(acts, [92, 2, 2, 4])
        act()
        # A worker that is killed while it starts would never get to work.
        restarts = act in (self._kill_worker, self._deploy)
        pause = 8.0 if restarts else self.chance.uniform(*self._pause)
        self._next_kill = time.monotonic() + pause

    def _kill_child(self) -> None:
        children = children_of(self.chance.choice(self._workers))
        if children:
            os.kill(self.chance.choice(children), signal.SIGKILL)
            self.done["children killed"] += 1

    def _kill_worker(self) -> None:
        worker = self._next_worker()
        self.done["children killed with their worker"] += len(children_of(worker))
        kill_all(worker)
        self._workers.append(self.koe.start_worker())

    def _deploy(self) -> None:
        worker = self._next_worker()
        os.killpg(worker.pid, signal.SIGTERM)
        worker.wait(timeout=60)
        self.done["workers ended by SIGTERM"] += 1
        self._workers.append(self.koe.start_worker())

    def _next_worker(self) -> subprocess.Popen[bytes]:
        return self._workers.pop(0)

    def _forget(self) -> None:
        self.koe.flush_broker()
        self.done["brokers emptied"] += 1

    def _resume_paused(self) -> None:
        resumed = Campaign.objects.filter(state="paused").update(state="running", state_reason="")
        self.done["campaigns resumed that had paused themselves"] += resumed

    def _opt_one_out(self) -> None:
        """By the link in a mail, over the public page."""
        person = self.chance.choice(self._people)
        invitation = Invitation.objects.filter(person=person).first()
        enough = len(self.opted_out) >= len(self._people) * OPTING_OUT
        if invitation is None or person.mail_key in self.opted_out or enough:
            return
        reply = Client().post(opt_out_path(invitation), {"List-Unsubscribe": "One-Click"})
        assert reply.status_code == 200
        self.opted_out[person.mail_key] = time.time()

    # --- what is left

    def _figures(self) -> Figures:
        accepted = read_accepted(self.folder / "accepted.tsv")
        faults = Counter((self.folder / "faults.tsv").read_text().splitlines())
        self.done["people who opted out meanwhile"] = len(self.opted_out)
        done = Counter(
            {
                "invitations planned": Invitation.objects.count(),
                "attempts to send": Attempt.objects.count(),
                "mails accepted": len(accepted),
                "mails that met a fault": sum(faults.values()),
            }
        )
        done.update(self.done)
        in_doubt = sum(faults[each.name] for each in FAULTS if each.leaves_doubt)
        kills = self.done["children killed"] + self.done["children killed with their worker"]
        zero = self._must_be_zero(accepted)
        return Figures(done, faults, states(), zero, in_doubt + kills)

    def _must_be_zero(self, accepted: list[Accepted]) -> dict[str, int]:
        per_person = Counter(each.recipient for each in accepted)
        late = (
            each
            for each in accepted
            if each.at > self.opted_out.get(each.recipient, each.at) + IN_HAND
        )
        suppressed = Suppression.objects.filter(reason="opted_out").values("person").distinct()
        return {
            **must_be_zero(accepted),
            "people with more than two mails": sum(each > 2 for each in per_person.values()),
            "cancelled by nobody": states()["cancelled"],
            "mailed after their opt-out": sum(1 for _ in late),
            "opt-outs lost": len(self.opted_out) - suppressed.count(),
        }


class _Repeated:
    def __init__(self, work: Callable[[], None], *, every: float) -> None:
        self._work, self._every = work, every
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._failure: BaseException | None = None

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()
        if self._failure:
            raise self._failure

    def _run(self) -> None:
        from django.db import connections

        try:
            while not self._stop.wait(self._every):
                self._work()
        except Exception as failure:
            self._failure = failure
        finally:
            connections.close_all()


def make_people(number: int) -> list[Person]:
    """Each a respondent of two customers, under the same address."""
    customers = [
        Customer.objects.create(customer_id=f"soak-{each}", name=f"Soak {each} Ltd")
        for each in range(2)
    ]
    people = Person.objects.bulk_create(
        (Person(mail_key=f"p{each}@d{each % DOMAINS}.example") for each in range(number)),
        batch_size=2000,
    )
    Respondent.objects.bulk_create(
        (
            Respondent(person=each, customer=customer, email=each.mail_key, language="en")
            for customer in customers
            for each in people
        ),
        batch_size=2000,
    )
    return people
