"""What a person can put right: said in one sentence, never as a traceback."""

from __future__ import annotations

import errno
import shutil
import sys
from collections.abc import Callable
from pathlib import Path


class SetupError(Exception):
    """Its text is shown to the person who typed the command."""


def need_space(folder: Path, needed: int, *, free: int | None = None) -> None:
    left = shutil.disk_usage(folder).free if free is None else free
    if left < needed:
        raise SetupError(
            f"The disk is too full: {folder} has {left / 1e6:,.0f} MB left and Koe needs "
            f"{needed / 1e6:,.0f} MB. Free some space and start again."
        )


def sentence_of(error: OSError) -> str:
    place = f" at {error.filename}" if error.filename else ""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"The disk is full{place}. Free some space and start again."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"Koe may not write{place} ({error.strerror}). Start it as the owner of its folder."
    return f"{error.strerror or error}{place}."


def exit_code_of(work: Callable[[], int | None]) -> int:
    """Run `work`; what goes wrong in a known way becomes one line on stderr and an exit code."""
    try:
        return work() or 0
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(sentence_of(error), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130
