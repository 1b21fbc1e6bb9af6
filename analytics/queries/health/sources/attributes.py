"""Numbers among the attributes of customers."""

from __future__ import annotations

import numpy as np
from django.db.models import TextField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from numpy.typing import NDArray

from accounts.domain.segments import number_in
from accounts.models import Customer, CustomerVersion
from analytics.domain.health.facts.series import Latest, Series, Values
from analytics.domain.health.formulas.sources import Source
from analytics.queries.database.columns import DayNumber
from analytics.queries.health.sources.places import Customers, read_by_text

# Behind every day: what is known now stands in only for a customer without any version.
_LATER = 1 << 31


def attribute(source: Source, customers: Customers) -> Series:
    """As with segments: what was known by the day, else the earliest known."""
    text = Cast(KeyTextTransform(source.name, "attributes"), TextField())
    versions = read_by_text(
        CustomerVersion.objects.annotate(_read=text),
        by="_read",
        columns=["customer_id", DayNumber("known_from")],
    )
    now = read_by_text(Customer.objects.annotate(_read=text), by="_read", columns=["pk", "pk"])
    pks = np.concatenate([versions[0][0], now[0][0]])
    days = np.concatenate([versions[0][1], np.full(len(now[2]), _LATER)])
    values = np.concatenate([_values(*versions[1:]), _values(*now[1:])])
    return Latest(customers.rows(pks, days, values), reaches_back=True)


def _values(texts: list[str | None], places: NDArray[np.int64]) -> Values:
    """NaN where the text is no number."""
    numbers = [None if text is None else number_in(text) for text in texts]
    found = np.array([np.nan if each is None else float(each) for each in numbers], dtype=float)
    values: Values = found[places]
    return values
