"""Follow-ups that are open; a later app has them and says here where it reads them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias, cast

import numpy as np
from django.utils.module_loading import import_string
from numpy.typing import NDArray

from accounts.queries.customers.follow_ups import follow_up_reader
from analytics.domain.health.facts.spans import Spans
from analytics.domain.health.formulas.sources import Source
from analytics.queries.health.sources.places import Customers

# A row per column: customers, and the days since 1970 on which each opened and was closed.
Reader: TypeAlias = Callable[[], NDArray[np.int64]]


def open_follow_ups(source: Source, customers: Customers) -> Spans:
    path = follow_up_reader()
    rows = cast(Reader, import_string(path))() if path else np.empty((3, 0), dtype=np.int64)
    pks, starts, ends = rows
    places, known = customers.places(pks)
    return Spans(len(customers), places[known], starts[known], ends[known])
