"""One of several computers that send: a worker, a beat and a folder of their own."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from dataclasses import dataclass, field

from surveys.models import Attempt
from tests.faults.rig.stack import Stack, children_of, kill_all


@dataclass(slots=True)
class Kills:
    """When how many processes were killed that may have had a mail in hand."""

    at: list[float] = field(default_factory=list)

    def note(self, processes: int = 1) -> None:
        self.at += [time.time()] * processes


class Machine:
    def __init__(self, koe: Stack, name: str, kills: Kills, **env: str) -> None:
        self._koe, self._kills = koe, kills
        self.folder = koe.folder / name
        self.folder.mkdir()
        self._env = {"KOE_VAR_DIR": str(self.folder), **env}
        self._start()

    def _start(self) -> None:
        self._beat = self._koe.start_beat(env=self._env)
        self._worker = self._koe.start_worker(env=self._env)

    @property
    def is_up(self) -> bool:
        return bool(children_of(self._worker))

    def has_mail_in_hand(self) -> bool:
        """A claim names the process that made it."""
        open_ones = Attempt.objects.filter(outcome="").values_list("worker", flat=True)
        mine = {str(pid) for pid in children_of(self._worker)}
        return any(mine & set(worker.split(":")) for worker in open_ones)

    def kill_child(self, chance: random.Random) -> None:
        children = children_of(self._worker)
        if children:
            os.kill(chance.choice(children), signal.SIGKILL)
            self._kills.note()

    def kill(self) -> None:
        """The power is cut: all its processes at once."""
        children = len(children_of(self._worker))
        for each in (self._worker, self._beat):
            kill_all(each)
        self._kills.note(children)

    def restart(self) -> None:
        self.kill()
        self._start()

    def remove(self) -> None:
        """For good, with all that it had on its disk."""
        self.kill()
        shutil.rmtree(self.folder)


class Disturbance:
    """Kills on the machines, so many and then peace; called again and again while they work."""

    def __init__(
        self,
        machines: list[Machine],
        *,
        acts: int,
        chance: random.Random,
        pause: tuple[float, float],
    ) -> None:
        self.machines = machines
        self._left, self._chance, self._pause = acts, chance, pause
        self._next = 0.0

    def __call__(self) -> None:
        if not self._left or time.monotonic() < self._next:
            return
        self._left -= 1
        machine = self._chance.choice(self.machines)
        if self._chance.random() < 0.1:
            machine.restart()
        else:
            machine.kill_child(self._chance)
        self._next = time.monotonic() + self._chance.uniform(*self._pause)
