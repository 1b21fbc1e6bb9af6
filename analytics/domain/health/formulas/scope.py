"""Which formula a customer is scored by: the first one that applies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.domain.health.formulas.faults import Fault, FaultCode
from analytics.domain.health.formulas.formula import Formula

PLACE = "applies_to"


def assign(formulas: Sequence[Formula], segments: pd.DataFrame) -> NDArray[np.intp]:
    """The place of each customer's formula, -1 for none.

    `segments` has a row per customer and a column per dimension that the formulas name.
    """
    chosen = np.full(len(segments), -1, dtype=np.intp)
    for place in reversed(range(len(formulas))):
        applies = np.ones(len(segments), dtype=bool)
        for dimension, values in formulas[place].applies_to.items():
            applies &= segments[dimension].isin(values).to_numpy()
        chosen[applies] = place
    return chosen


def scope_faults(
    formula: Formula, *, before: Sequence[Formula], after: Sequence[Formula], dimensions: Set[str]
) -> list[Fault]:
    """Against the segments that there are, and the published formulas before and after it."""
    known = ", ".join(sorted(dimensions)) or "–"
    faults = [
        Fault(f"{PLACE}.{name}", FaultCode.DIMENSION, {"known": known})
        for name in formula.applies_to
        if name not in dimensions
    ]
    for other in [*before, *after]:
        if formula.applies_to.keys() == other.applies_to.keys():
            faults += _claimed(formula.applies_to, other)
    wider = [each for each in before if _covers(each.applies_to, formula.applies_to)]
    if not faults and wider:
        faults.append(Fault(PLACE, FaultCode.NEVER_APPLIES, {"other": wider[0].name}))
    return faults


def _claimed(wanted: Mapping[str, tuple[str, ...]], other: Formula) -> list[Fault]:
    shared = {
        name: [value for value in values if value in other.applies_to[name]]
        for name, values in wanted.items()
    }
    if not all(shared.values()):
        return []
    names = [f"{name} = {', '.join(values)}" for name, values in shared.items()]
    if not names:
        return [Fault(PLACE, FaultCode.CLAIMED_ALL, {"other": other.name})]
    return [Fault(PLACE, FaultCode.CLAIMED, {"segment": " · ".join(names), "other": other.name})]


def _covers(wide: Mapping[str, tuple[str, ...]], narrow: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether whoever is in the narrow one is in the wide one as well."""
    return all(name in narrow and set(narrow[name]) <= set(values) for name, values in wide.items())
