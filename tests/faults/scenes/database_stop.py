"""R36: PostgreSQL is stopped at once while workers send, and started again.

A process of its own, because its database is a server that it may stop:
`DATABASE_URL=… python -m tests.faults.scenes.database_stop PROGRAMS DATA LOG REDIS_URL FOLDER
[USER]`.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import django
from django.db import connection

from tests.servers.tables import make_tables


def main(programs: str, data: str, log: str, redis_url: str, folder: str, user: str = "") -> None:
    from benchmarks.sending import queue_invitations
    from tests.faults.rig.stack import Stack, states

    def pg_ctl(*arguments: str) -> None:
        command = [f"{programs}/pg_ctl", "-D", data, "-w", "-l", log, *arguments]
        subprocess.run(command, check=True, user=user or None, stdout=subprocess.DEVNULL, cwd="/")

    make_tables()
    queue_invitations(200)
    koe = Stack(folder=Path(folder), redis_url=redis_url)
    try:
        koe.start_beat()
        koe.start_worker()
        for _ in range(2):
            before = states()["sent"]
            koe.wait(lambda before=before: states()["sent"] > before + 20)  # type: ignore[misc]
            connection.close()
            pg_ctl("stop", "-m", "immediate")
            time.sleep(1)
            pg_ctl("start")
        koe.wait_until_all_tried(seconds=120)
        # Each stop may take two claims that were committed with it, one per child.
        sys.stdout.write(f"{dict(koe.check(most_unknown=4))}\n")
    finally:
        koe.stop()


if __name__ == "__main__":
    django.setup()
    main(*sys.argv[1:])
