"""Stands between honcho and one process, so that none is ever left behind.

`python -m local.guard SECONDS COMMAND...` starts COMMAND in a session of its own. Asked to stop,
it asks only COMMAND's first process: celery and granian end their own children in good order,
whereas a signal to the whole group would tear a mail out of a worker's hands. After SECONDS, and
whenever COMMAND has ended, whatever is left of the group is killed. The same happens when the
supervisor dies without a word, even by SIGKILL.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
import threading
import time
from types import FrameType

from local.parent import die_with_parent

SUPERVISOR = "KOE_SUPERVISOR"


def main(arguments: list[str]) -> int:
    grace, command = int(arguments[0]), arguments[1:]
    ask_to_die = die_with_parent(signal.SIGTERM)
    child: subprocess.Popen[bytes] | None = None
    wanted = False

    def stop(signum: int, frame: FrameType | None) -> None:
        nonlocal wanted
        wanted = True
        if child is not None:
            _signal(child.pid)
            signal.alarm(grace)

    def kill(signum: int, frame: FrameType | None) -> None:
        if child is not None:
            _kill_group(child.pid)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, stop)
    signal.signal(signal.SIGALRM, kill)
    ask_to_die()
    child = subprocess.Popen(command, start_new_session=True, preexec_fn=ask_to_die)
    if wanted:
        stop(signal.SIGTERM, None)
    supervisor = os.environ.get(SUPERVISOR)
    if supervisor:
        threading.Thread(target=_follow, args=(int(supervisor),), daemon=True).start()
    code = child.wait()
    _kill_group(child.pid)
    return 0 if wanted else (code if code >= 0 else 128 - code)


def _follow(supervisor: int) -> None:
    """Ask ourselves to stop once the supervisor is gone."""
    with contextlib.suppress(OSError):
        if hasattr(os, "pidfd_open"):
            # Also tells of a dead process that nobody has collected, as in a container.
            select.select([os.pidfd_open(supervisor)], [], [])
        else:
            while True:
                os.kill(supervisor, 0)
                time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGTERM)


def _signal(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)


def _kill_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
