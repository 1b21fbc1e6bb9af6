"""What `make run`, `make test` and the others start: find a Python that can run Koe, hand over.

Only the standard library, and only syntax that Python 3.6 can read: whoever starts this with an
old Python gets a sentence, not a SyntaxError.
"""

import os
import shutil
import subprocess
import sys
from typing import Callable, List, Optional, Sequence  # noqa: UP035

OLDEST = (3, 11)
NAMES = ("python3.13", "python3.12", "python3.11", "python3.14", "python3")
ROOT = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))


def too_old(version: Sequence[int]) -> str:
    return (
        f"Koe needs Python {OLDEST[0]}.{OLDEST[1]} or newer; this is Python {version[0]}."
        f"{version[1]} and no newer one is on the PATH. On Debian 12, Ubuntu 24.04 or later: "
        "sudo apt-get install python3 python3-venv"
    )


def newer_python() -> Optional[str]:  # noqa: UP045
    """The first Python on the PATH that is new enough, or None."""
    probe = f"import sys; sys.exit(sys.version_info < {OLDEST!r})"
    for name in NAMES:
        path = shutil.which(name)
        if path and subprocess.call([path, "-c", probe], stderr=subprocess.DEVNULL) == 0:
            return path
    return None


def main(
    arguments: List[str],  # noqa: UP006
    version: Sequence[int] = sys.version_info[:2],
    find: Callable[[], Optional[str]] = newer_python,  # noqa: UP045
) -> int:
    if tuple(version[:2]) < OLDEST:
        path = find()
        if path is None:
            sys.stderr.write(too_old(version) + "\n")
            return 1
        os.execv(path, [path, os.path.realpath(__file__), *arguments])  # noqa: S606
    # Beside this file lie modules with the names of packages (valkey): start from the root.
    sys.path[0] = ROOT
    from local.commands import main as run_command

    return run_command(arguments)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
