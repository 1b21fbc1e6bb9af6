"""Which of a report's changes are significant: one rule for NPS and for shares."""

from __future__ import annotations

from collections.abc import Sequence

from analytics.domain.statistics.interval import Change
from analytics.domain.statistics.multiplicity import benjamini_hochberg
from analytics.domain.statistics.nps.intervals import Other, Sample


def significant_changes(
    samples: Sequence[Sample],
    others: Sequence[Other | None],
    changes: Sequence[Change | None],
) -> list[bool | None]:
    """Corrected for how many are tested. None: not tested, as one of the two is too small."""
    p_values = [
        each.p_value if each and other and sample.reportable and other.sample.reportable else None
        for sample, other, each in zip(samples, others, changes, strict=True)
    ]
    return benjamini_hochberg(p_values).significant
