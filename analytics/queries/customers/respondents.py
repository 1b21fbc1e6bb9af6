"""Respondents in the segments that their values of now, and their customer's, make."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from django.db.models import F, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce
from numpy.typing import NDArray

from accounts.domain.imports.file_columns import RESPONDENT_DIMENSIONS
from accounts.domain.segments import (
    MRR,
    NUMBERS,
    TENURE,
    UNKNOWN,
    Definition,
    segment_values,
    tenure_on,
)
from accounts.models import Customer, Respondent
from accounts.queries.money.revenue import mrr_known_on
from analytics.domain.answers.cells import UNKNOWN_CUSTOMER
from analytics.queries.answers.profiles import Segments
from analytics.queries.customers.money import known_conversion
from analytics.queries.database.columns import columns_with_keys, packed_groups


@dataclass(frozen=True, slots=True, eq=False)
class CurrentSegments:
    """By respondent id: the number of the segment, -1 where it is filtered out; the customer."""

    numbers: NDArray[np.int64]
    customers: NDArray[np.int64]


def current_segments(
    definitions: Sequence[Definition],
    *,
    segments: Segments,
    where: Mapping[str, Sequence[str]],
    today: dt.date,
) -> CurrentSegments:
    """What freezing an invitation to each of them today would make, under the same precedence."""
    names = sorted({name for each in definitions for name in each.reads} - NUMBERS)
    texts = {f"text_{place}": _text(name) for place, name in enumerate(names)}
    rows = packed_groups(
        Respondent.objects.annotate(**texts),
        by=list(texts),
        columns=["pk", Coalesce("customer_id", Value(UNKNOWN_CUSTOMER))],
    )
    (pks, customers), groups = columns_with_keys(rows, width=2)
    attributes = [
        {name: text for name, text in zip(names, row, strict=False) if text is not None}
        for row in rows
    ]
    paid, amounts = _paid(customers, definitions=definitions, today=today)
    lived, tenures = _tenures(customers, definitions=definitions, today=today)
    # Through the definitions once per combination that occurs, not once per respondent.
    pairs = pd.MultiIndex.from_arrays([groups, paid, lived])
    codes, combinations = pairs.factorize()
    numbers = np.array(
        [
            _number(
                {**attributes[group], MRR: amounts[amount], TENURE: tenures[tenure]},
                definitions,
                segments,
                where,
            )
            for group, amount, tenure in combinations
        ],
        dtype=np.int64,
    )
    size = int(pks.max(initial=0)) + 1
    found = CurrentSegments(np.full(size, -1), np.full(size, UNKNOWN_CUSTOMER))
    found.numbers[pks] = numbers[codes]
    found.customers[pks] = customers
    return found


def _text(name: str) -> Any:
    if name in RESPONDENT_DIMENSIONS:
        return F(name)
    own = Cast(KeyTextTransform(name, "attributes"), TextField())
    return Coalesce(own, Cast(KeyTextTransform(name, "customer__attributes"), TextField()))


def _paid(
    customers: NDArray[np.int64], *, definitions: Sequence[Definition], today: dt.date
) -> tuple[NDArray[np.intp], list[str]]:
    """For each row the place of its customer's MRR in the list."""
    if not any(MRR in each.reads for each in definitions):
        return np.zeros(len(customers), dtype=np.intp), [UNKNOWN]
    known, places = np.unique(customers, return_inverse=True)
    asked = (int(each) for each in known if each)
    mrr = mrr_known_on(asked, day=today, known=known_conversion)
    codes, amounts = pd.factorize(
        np.array([mrr.get(int(each), UNKNOWN) for each in known], dtype=object)
    )
    return codes[places], [str(each) for each in amounts]


def _tenures(
    customers: NDArray[np.int64], *, definitions: Sequence[Definition], today: dt.date
) -> tuple[NDArray[np.intp], list[str]]:
    """For each row the place of its customer's tenure in the list."""
    if not any(TENURE in each.reads for each in definitions):
        return np.zeros(len(customers), dtype=np.intp), [UNKNOWN]
    started = dict(Customer.objects.order_by().values_list("pk", "started_on"))
    known, places = np.unique(customers, return_inverse=True)
    texts = [tenure_on(today, started.get(int(each))) for each in known]
    codes, tenures = pd.factorize(np.array(texts, dtype=object))
    return codes[places], [str(each) for each in tenures]


def _number(
    attributes: Mapping[str, str],
    definitions: Sequence[Definition],
    segments: Segments,
    where: Mapping[str, Sequence[str]],
) -> int:
    values = segment_values(attributes, definitions=definitions)
    if all(values[name] in wanted for name, wanted in where.items()):
        return segments.number(values)
    return -1
