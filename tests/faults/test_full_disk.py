"""A disk that is full, really: the web server goes on, and what ended starts again by itself."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from local import ROOT
from tests.deploy.test_web_server import asked, until_answers
from tests.faults.rig.stack import database_url
from tests.servers.services import free_port
from tests.surveys.helpers.invited import answer_path, invite

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
SUPERVISED = """
import sys
from local.supervisor import Supervisor
lines = dict(line.split(": ", 1) for line in open("Procfile").read().splitlines())
commands = {name: lines[name] for name in ("web", "beat")}
sys.exit(Supervisor(backing=(), essential="web").run(commands))
"""


@pytest.fixture
def full(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte, with none of it left."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m,mode=700", "tmpfs", str(tmp_path)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no file system may be mounted here")
    try:
        with pytest.raises(OSError, match="No space left"):
            (tmp_path / "full").write_bytes(bytes(2 * 1024 * 1024))
        yield tmp_path
    finally:
        subprocess.run(["umount", "--lazy", str(tmp_path)], check=False)


def until(is_so: Callable[[], bool], *, what: str, seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, what
        time.sleep(0.2)


def test_web_goes_on_and_beat_starts_again_once_there_is_room(
    full: Path, redis_url: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    port, said = free_port(), tmp_path_factory.mktemp("said") / "log"
    link = answer_path(invite(sent_at=timezone.now()))
    environment = {
        **os.environ, "DATABASE_URL": database_url(), "SECRET_KEY": settings.SECRET_KEY,
        "KOE_VAR_DIR": str(full), "DJANGO_SETTINGS_MODULE": "config.settings",
        "REDIS_URL": redis_url, "PORT": str(port),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }  # fmt: skip
    with said.open("wb") as log:
        supervisor = subprocess.Popen(
            [sys.executable, "-c", SUPERVISED], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
    try:
        until_answers(port)
        until(lambda: said.read_text().count("beat ended") > 1, what="beat ends again and again")
        assert asked(port, "POST", link, "score=9") == 303
        assert "web ended" not in said.read_text()

        (full / "full").unlink()
        until(lambda: any(full.glob("celerybeat-schedule*")), what="beat lives")
        assert asked(port, "GET", "/health/live") == 200
    finally:
        supervisor.terminate()
        with suppress(subprocess.TimeoutExpired):
            supervisor.wait(30)
        supervisor.kill()
