"""Which customers answered in a period, and which of them wrote something."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analytics.counting.cells.answers import known_customers, read_answers
from analytics.domain.answers.scores import COUNT_COLUMNS
from analytics.domain.periods import Period
from analytics.queries.database.clock import bounds
from surveys.models import Response


def answered_in(
    period: Period, *, campaign: int | None, language: str
) -> tuple[pd.Index, pd.Index]:
    """The customers with a counted answer, from the kept counts, and those with a comment."""
    totals = read_answers([period], campaign=campaign, language=language).totals(period)
    counted = sum(getattr(totals, name).astype(np.int64) for name in COUNT_COLUMNS) > 0
    answered = np.unique(known_customers(totals.customers[counted]))
    first, end = bounds(period)
    rows = Response.objects.counted().filter(answered_at__gte=first, answered_at__lt=end)
    if campaign is not None:
        rows = rows.filter(invitation__campaign=campaign)
    if language:
        rows = rows.filter(invitation__language=language)
    written = rows.exclude(comment="").order_by().values_list("invitation__respondent__customer_id")
    commented = [pk for (pk,) in written.distinct() if pk is not None]
    return pd.Index(answered), pd.Index(sorted(commented), dtype="int64")


def any_answer_until(period: Period) -> bool:
    """Whether anybody has ever answered by the end of the period."""
    _, end = bounds(period)
    return Response.objects.filter(answered_at__lt=end).order_by().exists()
