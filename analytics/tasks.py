"""Tasks: each reads the clock and calls one service.

What they call is imported only then: pandas and the charts are 70 MB, in each process of every
worker and of beat, and only the workers of `reports` need them.
"""

from __future__ import annotations

import datetime as dt

from celery import shared_task
from django.utils import timezone

# Short, so that mails have their turn between the pieces of a long rebuild.
REBUILD_SECONDS = 20


# Folding what a large import left takes longer than a batch of mails.
@shared_task(soft_time_limit=600, time_limit=660)
def fold() -> None:
    """The tick: changes of answers into the cells, and the mails sent since the last one."""
    from analytics.counting.cells import folding

    folding.fold_all()
    folding.close_invitations(now=timezone.now())


@shared_task(soft_time_limit=600, time_limit=660)
def score_health() -> None:
    """What the last whole day says of customers and targets: asked hourly, done once a day."""
    from analytics.reports.health.evidence import band_rates
    from analytics.reports.metrics.target_statuses import said_of_targets
    from analytics.services import target_statuses
    from analytics.services.health import forecasts, scoring, thinning

    today = timezone.localdate()
    day = today - dt.timedelta(days=1)
    if not scoring.is_scored(day):
        scoring.score_health(day, today=today)
    if forecasts.is_due(day):
        forecasts.write_forecasts(day, rates=band_rates(day))
    thinning.thin_scores(today=today)
    if target_statuses.is_due(day):
        target_statuses.write_statuses(said_of_targets(day))


@shared_task(soft_time_limit=600, time_limit=660)
def rebuild_segments() -> None:
    """The task and the tick of refreezing past invitations."""
    from analytics.counting.cells import segment_rebuild

    segment_rebuild.rebuild(clock=timezone.now, seconds=REBUILD_SECONDS)
