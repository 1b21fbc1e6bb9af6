"""Which dimension to split by where nobody chose one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from typing import NamedTuple

from surveys.domain.answers.scoring import MIN_CUSTOMERS

# What is longer than a label reads as a sentence.
LONGEST_LABEL = 40
_SENTENCE = re.compile(r"[。！？!?\n]|\.\s")
_REMARKS = frozenset({"comment", "comments", "description", "memo", "note", "notes"}) | {
    "remark",
    "remarks",
}
_REMARKS_WITHIN = ("備考", "メモ", "摘要", "コメント", "所見", "特記", "補足")


# As many must have a value before their number tells whether it is one of free text.
MIN_FILLED = 5
# So many different values may be the groups of a dimension, whatever their sizes.
MANY_VALUES = 12
# Of those that have a value: so many must share it with others, or the values are no groups.
MIN_SHARE_IN_GROUPS = 0.5
# Of all: where fewer have a value, a split tells little of most of them.
MIN_SHARE_FILLED = 0.2


class Candidate(NamedTuple):
    """A dimension by its name, with the different values of it that are known."""

    name: str
    values: Collection[str]
    # The value of each customer or respondent that was looked at; empty where it has none.
    in_use: Sequence[str] = ()


def is_remarks(candidate: Candidate) -> bool:
    """A column of free text, by its name or by what stands in it: its values are no groups."""
    words = candidate.name.split("_")
    return (
        not _REMARKS.isdisjoint(words)
        or any(each in candidate.name for each in _REMARKS_WITHIN)
        or any(len(each) > LONGEST_LABEL or _SENTENCE.search(each) for each in candidate.values)
        or _is_free_text(candidate.in_use)
    )


def _is_free_text(in_use: Sequence[str]) -> bool:
    """Short remarks, names and numbers: hardly two have the same value.

    Of many different values it takes groups that are large enough to be reported.
    """
    counts = Counter(each for each in in_use if each)
    filled = counts.total()
    if filled < MIN_FILLED:
        return False
    smallest = MIN_CUSTOMERS if len(counts) > MANY_VALUES else 2
    grouped = sum(count for count in counts.values() if count >= smallest)
    return grouped < MIN_SHARE_IN_GROUPS * filled


def best_first(candidates: Sequence[Candidate]) -> list[str]:
    """The names in the given order, but those last that split nothing: of one value, or sparse.

    Remarks are left out altogether.
    """
    groups = [each for each in candidates if not is_remarks(each)]
    return [each.name for each in sorted(groups, key=_splits_little)]


def _splits_little(candidate: Candidate) -> bool:
    filled = sum(bool(each) for each in candidate.in_use)
    sparse = filled < MIN_SHARE_FILLED * len(candidate.in_use)
    return sparse or len(set(candidate.values)) < 2
