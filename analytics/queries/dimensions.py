"""The dimensions that reports are split by, and which of them tell something."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from accounts.models import Customer, Dimension, Respondent
from analytics.domain.answers.splits import Candidate, best_first
from analytics.queries.answers.profiles import all_profiles

# Whether a column holds groups or remarks shows in the first of its rows.
LOOKED_AT = 2_000


def known_dimensions() -> list[Dimension]:
    """In the admin's order; as long as nobody ordered them, customers' attributes first.

    Only those have churn beside them.
    """
    return list(Dimension.objects.in_order())


def best_dimensions(dimensions: Sequence[Dimension]) -> list[Dimension]:
    """Those to split by where nobody chose one, the best first; never a column of remarks."""
    found, in_use = frozen_values(dimensions), _values_in_use(dimensions)
    by_name = {each.name: each for each in dimensions}
    names = best_first([Candidate(name, found[name], in_use.get(name, ())) for name in by_name])
    return [by_name[name] for name in names]


def _values_in_use(dimensions: Sequence[Dimension]) -> dict[str, list[str]]:
    """By dimension, what the first customers or respondents have; bands are groups anyhow."""
    plain = [each for each in dimensions if each.definition.bands is None]
    of_customers = [each for each in plain if each.source == Dimension.Source.CUSTOMER]
    of_respondents = [each for each in plain if each.source == Dimension.Source.RESPONDENT]
    customers = Customer.objects.order_by("pk").values_list("attributes", flat=True)
    respondents = Respondent.objects.order_by("pk").values_list("attributes", "role", "language")
    known = list(customers[:LOOKED_AT]) if of_customers else []
    found = respondents[:LOOKED_AT] if of_respondents else []
    own = [{**each, "role": role, "language": language} for each, role, language in found]
    return _values_of(of_customers, known) | _values_of(of_respondents, own)


def _values_of(
    dimensions: Sequence[Dimension], attributes: Sequence[Mapping[str, Any]]
) -> dict[str, list[str]]:
    definitions = [each.definition for each in dimensions]
    return {each.name: [each.value(row) for row in attributes] for each in definitions}


def frozen_values(dimensions: Sequence[Dimension]) -> dict[str, set[str]]:
    """By dimension, every value that was ever frozen on an invitation."""
    found: dict[str, set[str]] = {each.name: set() for each in dimensions}
    for values in all_profiles().values():
        for name in found.keys() & values.keys():
            found[name].add(values[name])
    return found
