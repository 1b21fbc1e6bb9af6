"""Three machines that share a PostgreSQL, a Redis and a rough mail server, under kills.

One of them is removed for good in the middle: only what stands in the database can tell the others
what it had in hand.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.utils import timezone

from benchmarks.sending import queue_invitations
from surveys.models import Attempt, Invitation
from tests.faults.rig.books import must_be_zero, read_accepted
from tests.faults.rig.machine import Disturbance, Kills, Machine
from tests.faults.rig.rough_server import FAULTS
from tests.faults.rig.stack import Stack, states

MACHINES = 3
MAILS_PER_ACT = 20
UNDER_WAY = {"queued", "retry", "sending"}
# How long a mail may be in hand before it is given up; a quarter of an hour in production.
IN_FLIGHT = 20
# Longer no mail is in hand of a worker that lives, on a machine as busy as this one may be.
IN_HAND = dt.timedelta(seconds=15)


def play(
    *, folder: Path, redis_url: str, sends: int, seed: int, seconds: float, mutant: str = ""
) -> dict[str, Any]:
    chance = random.Random(seed)
    queue_invitations(sends)
    rough = ("--folder", str(folder), "--seed", str(seed), "--share", "0.2", "--delay", "0.15")
    koe = Stack(
        folder=folder, redis_url=redis_url, server=("tests.faults.rig.rough_server", *rough),
        FAULT_BREAKERS="closed", FAULT_RETRIES="soon", FAULT_IN_FLIGHT=str(IN_FLIGHT),
        FAULT_MUTANT=mutant,
    )  # fmt: skip
    kills = Kills()
    try:
        machines = [Machine(koe, f"machine{each}", kills) for each in range(MACHINES)]
        koe.wait(lambda: all(each.is_up for each in machines), seconds=seconds)
        gone, others = machines[0], machines[1:]
        disturb = Disturbance(others, acts=sends // MAILS_PER_ACT, chance=chance, pause=(0.2, 0.6))
        _wait(koe, lambda: states()["sent"] > sends // 3, each=disturb, seconds=seconds)
        koe.wait(lambda: gone.has_mail_in_hand(), seconds=seconds)
        gone.remove()
        removed = timezone.now()
        recovery = _Recovery(removed)

        def each() -> None:
            disturb()
            recovery.observe()

        _wait(koe, lambda: not UNDER_WAY & set(states()), each=each, seconds=seconds)
        recovery.observe()
    finally:
        koe.stop()
    return _figures(folder, kills, recovered_after=recovery.seconds)


def _wait(koe: Stack, done: Any, *, each: Any, seconds: float) -> None:
    def is_done() -> bool:
        resume_paused()
        each()
        return bool(done())

    koe.wait(is_done, seconds=seconds)


def resume_paused() -> None:
    """What the staff does where a refusal of the sender has paused the campaign."""
    from surveys.models import Campaign

    Campaign.objects.filter(state="paused").update(state="running", state_reason="")


class _Recovery:
    """How long after the removal everything was settled that had been claimed before it."""

    def __init__(self, removed: dt.datetime) -> None:
        self._removed = removed
        self.seconds: float | None = None

    def observe(self) -> None:
        open_ones = Attempt.objects.filter(outcome="", started_at__lte=self._removed)
        if self.seconds is None and not open_ones.exists():
            self.seconds = round((timezone.now() - self._removed).total_seconds(), 1)


def _figures(folder: Path, kills: Kills, *, recovered_after: float | None) -> dict[str, Any]:
    accepted = read_accepted(folder / "accepted.tsv")
    taken = {each.message_id for each in accepted}
    faults = Counter((folder / "faults.tsv").read_text().splitlines())
    unknown = Invitation.objects.filter(state="unknown")
    lost = list(unknown.filter(reason="worker_lost"))
    never = Attempt.objects.filter(outcome="failed", code__gte=500).values("invitation")
    return {
        "kills": len(kills.at),
        "states": dict(states()),
        "unknown by a lost worker": len(lost),
        "of these never delivered": sum(row.message_id not in taken for row in lost),
        "unknown that no kill explains": _unexplained(lost, kills),
        "unknown by the mail server": unknown.exclude(reason="worker_lost").count(),
        "faults that leave doubt": sum(faults[each.name] for each in FAULTS if each.leaves_doubt),
        "failed though never refused for good": Invitation.objects.filter(state="failed")
        .exclude(pk__in=never)
        .exclude(reason="gave_up")
        .count(),
        "skipped for a refusal": Invitation.objects.filter(
            state="skipped", reason="bounced"
        ).count(),
        "most unknown of one sender": _most_of_one_sender(),
        "recovered after": recovered_after,
        "zero": must_be_zero(accepted),
    }


def _unexplained(lost: Iterable[Invitation], kills: Kills) -> int:
    """Each needs a kill of its own, of a process that may have had it in hand."""
    waiting = sorted(dt.datetime.fromtimestamp(at, tz=dt.UTC) for at in kills.at)
    left = 0
    for claimed_at in sorted(row.claimed_at for row in lost if row.claimed_at):
        while waiting and waiting[0] < claimed_at:
            waiting.pop(0)
        if waiting and waiting[0] < claimed_at + IN_HAND:
            waiting.pop(0)
        else:
            left += 1
    return left


def _most_of_one_sender() -> int:
    unknown = Attempt.objects.filter(outcome="unknown", invitation__reason="worker_lost")
    workers = Counter(unknown.values_list("worker", flat=True))
    return max(workers.values(), default=0)
