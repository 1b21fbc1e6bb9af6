"""What several machines do to one PostgreSQL: a process of its own on a database of its own.

The other tests may run on SQLite, which one machine alone can use. By hand:
`DATABASE_URL=… DJANGO_SETTINGS_MODULE=config.settings python -m tests.faults.scenes.scene machines
'{"folder": "…", "redis_url": "…", "sends": 300, "seed": 1, "seconds": 120}'`.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.flows.running import database

Play = Callable[..., dict[str, Any]]
ROOT = Path(__file__).resolve().parents[3]


def figures_of(
    scene: str, *, folder: Path, redis_url: str, postgres_url: str, seconds: float, **options: Any
) -> dict[str, Any]:
    """Play the scene to its end, each wait in it at most so long; what it counted."""
    told = json.dumps(
        {"folder": str(folder), "redis_url": redis_url, "seconds": seconds, **options}
    )
    with database("faults", folder=folder, server=postgres_url) as url:
        env = {
            **os.environ,
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "KOE_VAR_DIR": str(folder),
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.scenes.scene", scene, told],
            env=env,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        with closing(_Ended(process)):
            output, errors = process.communicate(timeout=seconds + 60)
    assert process.returncode == 0, output[-3000:] + errors[-8000:]
    found: dict[str, Any] = json.loads(output.splitlines()[-1])
    return found


class _Ended:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def close(self) -> None:
        """By SIGTERM, which lets it end what it started."""
        if self._process.poll() is None:
            self._process.terminate()
            self._process.wait(timeout=30)


def main(scene: str, told: str) -> None:
    import django

    from tests.servers.tables import make_tables

    signal.signal(signal.SIGTERM, lambda *_: sys.exit("the scene took too long"))
    django.setup()
    make_tables()
    options = json.loads(told)
    options["folder"] = Path(options["folder"])
    play = importlib.import_module(f"tests.faults.scenes.{scene}").play
    sys.stdout.write(json.dumps(play(**options)) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
