"""Which sources of a formula nobody has told anything of."""

from __future__ import annotations

import datetime as dt

from analytics.domain.health.formula import Formula
from analytics.domain.health.sources import Source
from analytics.queries.database.columns import number_of_day
from analytics.queries.health.facts import read_facts


def sources_without_facts(formula: Formula, *, today: dt.date) -> list[Source]:
    facts, _ = read_facts([formula], first=number_of_day(today), last=number_of_day(today))
    return [source for source in formula.sources if facts.series[source].is_empty]
