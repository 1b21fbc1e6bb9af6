"""What apps above this one have to tell of, by the path of who writes its words.

A path and not the function: most processes never load what it takes to write them.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise

from actions.labels import EVENT_LABELS

OTHERS: dict[str, str] = {}


def notes_written_by(path: str, names: Mapping[str, str | Promise]) -> None:
    """`names`: of the events, each with what the log calls it."""
    OTHERS.update(dict.fromkeys(names, path))
    EVENT_LABELS.update(names)
