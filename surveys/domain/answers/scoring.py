"""The 0-10 scale and its three categories."""

from __future__ import annotations

import re
from enum import StrEnum

SCORE_MIN = 0
SCORE_MAX = 10
DETRACTOR_MAX = 6
PROMOTER_MIN = 9
SCORES = range(SCORE_MIN, SCORE_MAX + 1)

# As few say nothing that could be told from chance.
MIN_RESPONSES, MIN_CUSTOMERS = 10, 5

# One spelling per score: int() would also take "９", "09", " 9" and "1_0".
_CANONICAL = re.compile(r"[0-9]|10")


class Category(StrEnum):
    PROMOTER = "promoter"
    PASSIVE = "passive"
    DETRACTOR = "detractor"


class ScoreError(ValueError):
    pass


def category(score: int) -> Category:
    if score not in SCORES:
        raise ScoreError(f"{score} is not a score from {SCORE_MIN} to {SCORE_MAX}")
    if score >= PROMOTER_MIN:
        return Category.PROMOTER
    return Category.DETRACTOR if score <= DETRACTOR_MAX else Category.PASSIVE


def parse_score(text: str) -> int:
    if not _CANONICAL.fullmatch(text):
        raise ScoreError(f"{text!r} is not a whole number from {SCORE_MIN} to {SCORE_MAX}")
    return int(text)


def is_reportable(responses: int, *, customers: int) -> bool:
    """With fewer a figure is shown grey, on every page, and neither ranked nor tested."""
    return responses >= MIN_RESPONSES and customers >= MIN_CUSTOMERS
