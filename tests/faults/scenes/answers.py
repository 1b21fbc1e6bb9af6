"""Detractors answer by a web server that is killed again and again, while staff close and erase.

Whoever got no reply gives up: nothing that a second post would mend is mended.
"""

from __future__ import annotations

import http.client
import os
import random
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.models import Person, StaffUser
from actions.models import FollowUp
from actions.queries.follow_ups.balance import balance
from actions.services.follow_ups import work
from actions.services.follow_ups.work import Act, Stale
from surveys.models import Invitation, Response
from surveys.services.people.erase import erase_person
from tests.faults.rig.stack import ROOT, kill_all
from tests.servers.services import free_port

POSTING = 6
OWNER = "owner@koe.example"


def play(
    *, folder: Path, redis_url: str, answers: int, kills: int, seed: int, seconds: float,
    mutant: str = "",
) -> dict[str, Any]:  # fmt: skip
    from tests.surveys.helpers.invited import answer_path, invite

    now = timezone.now()
    owner = StaffUser.objects.create_user(OWNER, "x", role="admin")
    asked = [invite(sent_at=now, owner_email=OWNER) for _ in range(answers)]
    web = Web(folder, redis_url=redis_url, mutant=mutant, seconds=seconds)
    posts = Posts([(each.pk, answer_path(each)) for each in asked], web.port, seed=seed)
    chance = random.Random(seed)
    try:
        web.start()
        with posts.at_work():
            for _ in range(kills):
                time.sleep(chance.uniform(0.5, 1.2))
                _work(owner, asked, chance=chance)
                web.kill()
                web.start()
    finally:
        web.kill()
    found = balance()
    stored = dict(Response.objects.values_list("invitation_id", "score"))
    return {
        "kills": kills,
        "acknowledged": len(posts.acknowledged),
        "without a reply": posts.failed,
        "acknowledged and lost": sum(
            stored.get(pk) != score for pk, score in posts.acknowledged.items()
        ),
        "detractors": found.detractors,
        "followed up": found.followed_up,
        "faults": found.faults,
        "closed": FollowUp.objects.filter(state="closed").count(),
        "erased": Person.objects.filter(erased_at__isnull=False).count(),
    }


def _work(owner: StaffUser, asked: list[Invitation], *, chance: random.Random) -> None:
    """What staff do meanwhile: a third of what is open is closed, and somebody is erased."""
    for each in FollowUp.objects.exclude(state="closed"):
        with suppress(Stale):
            if chance.random() < 0.3:
                act = Act(each, each.version, owner, timezone.now())
                work.close(act, cause="price", outcome="x", contacted=True)
    erase_person(chance.choice(asked).person, by=owner, now=timezone.now())


class Web:
    """The web server that Koe runs on, with two workers."""

    def __init__(self, folder: Path, *, redis_url: str, mutant: str, seconds: float) -> None:
        self.port, self._folder, self._seconds = free_port(), folder, seconds
        self._env = {**os.environ, "REDIS_URL": redis_url, "FAULT_MUTANT": mutant}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = ["granian", "--interface", "asginl", "--host", "127.0.0.1", "--port"]
        command += [str(self.port), "--workers", "2", "--no-ws"]
        with (self._folder / "web.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", *command, "tests.faults.rig.web:application"],
                env=self._env, cwd=ROOT, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        end = time.monotonic() + self._seconds
        while not self._answers():
            if time.monotonic() > end:
                raise AssertionError((self._folder / "web.log").read_text()[-3000:])
            time.sleep(0.05)

    def kill(self) -> None:
        """With all that its workers had in hand."""
        if self._process is not None:
            kill_all(self._process)

    def _answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


class Posts:
    """Several people at once; each tells a score of a detractor, and some correct themselves."""

    def __init__(self, links: list[tuple[int, str]], port: int, *, seed: int) -> None:
        self.acknowledged: dict[int, int] = {}
        self.failed = 0
        self._links, self._port = iter(links), port
        self._chance = random.Random(seed)
        self._lock, self._over = threading.Lock(), threading.Event()

    @contextmanager
    def at_work(self) -> Iterator[None]:
        threads = [threading.Thread(target=self._post_all) for _ in range(POSTING)]
        for each in threads:
            each.start()
        try:
            yield
        finally:
            self._over.set()
            for each in threads:
                each.join()
            connection.close()

    def _post_all(self) -> None:
        while not self._over.is_set():
            with self._lock:
                invitation, path = next(self._links, (0, ""))
                scores = self._chance.choices(range(7), k=self._chance.choice((1, 1, 2)))
            if not path:
                return
            for score in scores:
                self._post(invitation, path, score)
            self._over.wait(0.05)

    def _post(self, invitation: int, path: str, score: int) -> None:
        client = http.client.HTTPConnection("127.0.0.1", self._port, timeout=20)
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        try:
            client.request("POST", path, f"score={score}", headers)
            status = client.getresponse().status
        except (OSError, http.client.HTTPException):
            status = 0
            self._over.wait(0.2)
        with self._lock:
            # What is known of an answer whose correction got no reply is nothing.
            self.acknowledged.pop(invitation, None)
            if status == 303:
                self.acknowledged[invitation] = score
            else:
                self.failed += 1
