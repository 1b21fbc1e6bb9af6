"""Which customers stand behind a figure: who counts it says which, the list of customers asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias, cast

from django.http import QueryDict
from django.utils.module_loading import import_string

# Of an address, and the address of whoever asks; None where it names no figure.
Chooser: TypeAlias = Callable[[QueryDict, str], "Behind | None"]
# What stays in the address while the list is filtered and sorted.
KEPT = ("figure", "from", "to", "horizon", "campaign", "language")
KEPT_LISTS = ("where",)

_chooser = ""


@dataclass(frozen=True, slots=True)
class Behind:
    customers: list[int]
    # What they have in common.
    title: str


def counted_by(path: str) -> None:
    """`path`: dotted, of a Chooser; imported when it is first asked for, since it needs pandas."""
    global _chooser
    _chooser = path


def behind(query: QueryDict, *, reader: str) -> Behind | None:
    if not query.get("figure") or not _chooser:
        return None
    return cast(Chooser, import_string(_chooser))(query, reader)
