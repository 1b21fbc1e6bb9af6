"""Through which modules something goes: for the tests of walks that docs/architecture.md tells."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


def told_walk(start: str, end: str) -> list[str]:
    """The modules in the sentence of the chart that begins and ends like this."""
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    (sentence,) = re.findall(f"{re.escape(start)}(.*?){re.escape(end)}", text, re.S)
    return re.findall(r"`([\w/]+\.py)`", sentence)


def carriers_of(
    work: Callable[[], object], *, folder: str, holds: Callable[[Any], bool]
) -> list[str]:
    """The modules of the folder with a function that was handed such a value, as they come."""
    found: list[str] = []
    root = f"{ROOT / folder}/"

    def watch(frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        if event != "call" or not code.co_filename.startswith(root):
            return
        arguments = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        name = code.co_filename.removeprefix(root)
        if name not in found and any(holds(frame.f_locals[each]) for each in arguments):
            found.append(name)

    sys.setprofile(watch)
    try:
        work()
    finally:
        sys.setprofile(None)
    return found
