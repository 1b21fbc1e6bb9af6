"""Which dimension to split by where nobody chose one."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

# What is longer than a label reads as a sentence.
LONGEST_LABEL = 40
_SENTENCE = re.compile(r"[。！？!?\n]|\.\s")
_REMARKS = frozenset({"comment", "comments", "description", "memo", "note", "notes"}) | {
    "remark",
    "remarks",
}
_REMARKS_WITHIN = ("備考", "メモ", "摘要", "コメント", "所見", "特記", "補足")


class Candidate(NamedTuple):
    """A dimension by its name, with the values of it that are known."""

    name: str
    values: Collection[str]


def is_remarks(candidate: Candidate) -> bool:
    """A column of free text, by its name or by what stands in it: its values are no groups."""
    words = candidate.name.split("_")
    return (
        not _REMARKS.isdisjoint(words)
        or any(each in candidate.name for each in _REMARKS_WITHIN)
        or any(len(each) > LONGEST_LABEL or _SENTENCE.search(each) for each in candidate.values)
    )


def best_first(candidates: Sequence[Candidate]) -> list[str]:
    """The names in the given order, but those of one value last: they split nothing.

    Remarks are left out altogether.
    """
    groups = [each for each in candidates if not is_remarks(each)]
    return [each.name for each in sorted(groups, key=lambda each: len(set(each.values)) < 2)]
