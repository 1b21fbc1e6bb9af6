"""The dimensions that reports are split by, and which of them tell something."""

from __future__ import annotations

from collections.abc import Sequence

from accounts.models import Dimension
from analytics.domain.answers.splits import Candidate, best_first
from analytics.queries.answers.profiles import all_profiles


def known_dimensions() -> list[Dimension]:
    """In the admin's order; as long as nobody ordered them, customers' attributes first.

    Only those have churn beside them.
    """
    return list(Dimension.objects.in_order())


def best_dimensions(dimensions: Sequence[Dimension]) -> list[Dimension]:
    """Those to split by where nobody chose one, the best first; never a column of remarks."""
    found = frozen_values(dimensions)
    by_name = {each.name: each for each in dimensions}
    names = best_first([Candidate(name, found[name]) for name in by_name])
    return [by_name[name] for name in names]


def frozen_values(dimensions: Sequence[Dimension]) -> dict[str, set[str]]:
    """By dimension, every value that was ever frozen on an invitation."""
    found: dict[str, set[str]] = {each.name: set() for each in dimensions}
    for values in all_profiles().values():
        for name in found.keys() & values.keys():
            found[name].add(values[name])
    return found
