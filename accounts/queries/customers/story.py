"""What later apps tell of a customer: they say here where it is read, its timeline asks."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

_paths: list[str] = []


@dataclass(frozen=True, slots=True)
class Told:
    """Something that was done about a customer."""

    at: dt.datetime
    text: str
    words: str
    who: str
    url: str


def story_told_by(path: str) -> None:
    """`path`: dotted, of a function of a customer; imported when it is first asked for."""
    if path not in _paths:
        _paths.append(path)


def story_tellers() -> list[str]:
    return list(_paths)
