"""What the demo world was told over the past: its health, by a formula and its second version, and
the statuses of its targets."""

from __future__ import annotations

import datetime as dt
from typing import Any

from analytics.domain.health.kept import NIGHTS_KEPT
from analytics.domain.metrics import said
from analytics.domain.periods import ONE_DAY
from analytics.queries.database.clock import midnight
from analytics.queries.health.formulas import Version, version_of
from analytics.queries.health.scores import live_scores_of
from analytics.reports.health.evidence import band_rates
from analytics.reports.metrics.target_statuses import said_of_targets
from analytics.services.health.forecasts import EVERY, write_forecasts
from analytics.services.health.formulas import put_in_force, save_formula
from analytics.services.health.scoring import store_scores
from analytics.services.target_statuses import write_statuses

# Every night that is kept, and before them every fourth week of a year.
NIGHTS, FORECASTS = NIGHTS_KEPT.days, 13
# So long ago the second version took the place of the first.
CHANGED = dt.timedelta(days=60)
_VOICE: list[dict[str, Any]] = [
    {
        "key": "voice",
        "group": "voice",
        "source": "nps_last",
        "max_age_days": 365,
        "points": [[0, 0], [6, 25], [8, 60], [10, 100]],
        "weight": 30,
    },
    {
        "key": "satisfaction",
        "group": "voice",
        "source": "csat_last",
        "max_age_days": 365,
        "points": [[1, 0], [3, 45], [5, 100]],
        "weight": 10,
    },
]
_USE: list[dict[str, Any]] = [
    {
        "key": "logins",
        "group": "use",
        "source": "usage:logins",
        "aggregate": "sum",
        "window_days": 28,
        "per": "seats",
        "points": "percentile",
        "weight": 30,
    },
    {
        "key": "falling",
        "group": "use",
        "source": "usage:logins",
        "aggregate": "sum",
        "window_days": 28,
        "change": "previous_window",
        "points": [[-0.5, 0], [-0.2, 40], [0, 75], [0.2, 100]],
        "weight": 20,
    },
]
_SUPPORT: list[dict[str, Any]] = [
    {
        "key": "tickets",
        "group": "support",
        "source": "events:ticket_opened",
        "aggregate": "count",
        "window_days": 90,
        "per": "seats",
        "points": "percentile",
        "direction": "low_is_good",
        "weight": 10,
    },
    {
        "key": "pulse",
        "group": "relationship",
        "source": "pulse",
        "points": [[0, 0], [5, 40], [10, 100]],
        "weight": 10,
    },
]
_REST: dict[str, Any] = {
    "name": "Standard",
    "unhealthy_means": "They are dissatisfied, or use less of what they pay for every month.",
    "min_known_share": 0.5,
    "bands": [
        {"name": "good", "from": 65, "touch": "tech"},
        {"name": "watch", "from": 45, "touch": "low"},
        {"name": "risk", "from": 0, "touch": "high"},
    ],
    "too_new_days": 30,
}
VERSIONS = (
    {**_REST, "measures": [*_VOICE, *_USE]},
    {**_REST, "measures": [*_VOICE, *_USE, *_SUPPORT]},
)


def seed_health(*, today: dt.date) -> None:
    """As if the formula had been there for a year and every night had scored by it."""
    last = today - ONE_DAY
    forecasts = [last - EVERY * number for number in range(FORECASTS)]
    nights = {last - ONE_DAY * number for number in range(NIGHTS)} | set(forecasts)
    changed_on = today - CHANGED
    for definition, since, until in (
        (VERSIONS[0], min(nights), changed_on),
        (VERSIONS[1], changed_on, today),
    ):
        version = _publish(definition, on=since)
        days = sorted(day for day in nights if since <= day < until)
        for found in live_scores_of(days, versions=[version]):
            store_scores(found, today=found.day + ONE_DAY)
        for day in sorted(set(days) & set(forecasts)):
            write_forecasts(day, rates=band_rates(day))


def seed_target_statuses(*, today: dt.date) -> None:
    """As if they had been said every fourth week of a year, from the newest facts of then on."""
    last = today - ONE_DAY
    for number in range(FORECASTS):
        write_statuses(said_of_targets(last - said.EVERY * number))


def _publish(definition: dict[str, Any], *, on: dt.date) -> Version:
    row = save_formula(definition, by=None, now=midnight(on)).row
    put_in_force(row, by=None, now=midnight(on))
    return version_of(row)
