"""The figures of Delighted's /metrics: whole numbers."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from surveys.domain.answers.scoring import Category
from surveys.domain.answers.scoring import category as category_of


def metrics_of(counts: Mapping[int, int]) -> dict[str, int]:
    """`counts`: answers by score. Of no answers all figures are 0."""
    total = sum(counts.values())
    found: dict[str, int] = {}
    numbers: dict[Category, int] = {}
    for category in Category:
        numbers[category] = sum(n for score, n in counts.items() if category_of(score) is category)
        found[f"{category}_count"] = numbers[category]
        found[f"{category}_percent"] = _percent(numbers[category], total)
    difference = numbers[Category.PROMOTER] - numbers[Category.DETRACTOR]
    return {"nps": _percent(difference, total), **found, "response_count": total}


def _percent(part: int, total: int) -> int:
    """To the nearest whole number, halves away from 0."""
    if not total:
        return 0
    return int((Decimal(100 * part) / total).quantize(Decimal(1), rounding=ROUND_HALF_UP))
