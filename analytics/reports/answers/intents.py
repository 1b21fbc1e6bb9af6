"""The second figure: answers together with the scores that nobody confirmed."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.domain.answers.scores import count_categories
from analytics.domain.statistics.nps.counts import Counts, nps
from analytics.queries.answers.intents import intent_cells
from analytics.queries.database.snapshot import one_snapshot
from analytics.queries.filters import Filters, scope_of
from analytics.reports.answers.segment_rows import SegmentRow


@dataclass(frozen=True, slots=True)
class IntentReport:
    intents: int
    counts: Counts
    nps: float | None


@one_snapshot()
def intent_report(filters: Filters, *, total: SegmentRow) -> IntentReport:
    """The total's answers and the unconfirmed scores of the same filters, counted together."""
    shown = count_categories(intent_cells(scope_of(filters)))
    answers = Counts(
        detractors=total.detractors, passives=total.passives, promoters=total.promoters
    )
    both = answers + shown
    return IntentReport(shown.responses, both, nps(both))
