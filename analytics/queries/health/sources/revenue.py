"""The revenue of customers at the ends of months."""

from __future__ import annotations

import numpy as np

from analytics.domain.health.facts.series import Monthly, Series
from analytics.domain.health.formulas.sources import Source, SourceKind
from analytics.queries.customers.table import read_revenue
from analytics.queries.health.sources.places import Customers

MONTHS_BACK = {SourceKind.MRR_CHANGE_3M: 3, SourceKind.MRR_CHANGE_12M: 12}


def mrr(source: Source, customers: Customers) -> Series:
    rows = read_revenue()
    days = rows["month"].to_numpy().astype("datetime64[M]")
    months, places = np.unique(days, return_inverse=True)
    found, known = customers.places(rows["customer"].to_numpy())
    amounts = np.zeros((len(months), len(customers)))
    np.add.at(amounts, (places[known], found[known]), rows["mrr"].to_numpy()[known])
    ends = (months + 1).astype("datetime64[D]").astype(np.int64) - 1
    return Monthly(ends, amounts, MONTHS_BACK.get(source.kind, 0))
