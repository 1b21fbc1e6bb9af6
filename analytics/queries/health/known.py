"""Which sources of a formula nobody has told anything of."""

from __future__ import annotations

import datetime as dt

from accounts.domain.facts.events import EventKind
from accounts.models import Measure
from analytics.domain.health.formulas.formula import Formula
from analytics.domain.health.formulas.sources import MEASURED, NAMED, Source, SourceKind
from analytics.queries.database.columns import number_of_day
from analytics.queries.health.facts import read_facts
from analytics.queries.health.formulas import customer_dimensions


def known_sources() -> list[Source]:
    """What a measure may be of here, as far as anything is known of it."""
    plain = [Source(kind) for kind in SourceKind if kind in MEASURED - NAMED]
    keys = Measure.objects.order_by("key").values_list("key", flat=True)
    return [
        *plain,
        *(Source(SourceKind.USAGE, key) for key in keys),
        *(Source(SourceKind.EVENTS, kind) for kind in EventKind),
        *(Source(SourceKind.ATTRIBUTE, name) for name in customer_dimensions()),
    ]


def sources_without_facts(formula: Formula, *, today: dt.date) -> list[Source]:
    facts, _ = read_facts([formula], first=number_of_day(today), last=number_of_day(today))
    return [source for source in formula.sources if facts.series[source].is_empty]
