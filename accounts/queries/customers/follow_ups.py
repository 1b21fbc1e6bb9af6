"""Where follow-ups are read: who has them says it, health and others ask."""

from __future__ import annotations

_reader = ""


def follow_ups_read_by(path: str) -> None:
    """`path`: dotted; imported when it is first asked for, since it needs pandas."""
    global _reader
    _reader = path


def follow_up_reader() -> str:
    return _reader
