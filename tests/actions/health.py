"""Nights of health scores, in one line."""

from __future__ import annotations

import datetime as dt

from accounts.models import Customer
from analytics.models import HealthFormula, HealthScore
from analytics.views.health.example import EXAMPLE
from tests.world import DAY, NOW

TODAY = NOW.date()


def scored(customer: Customer, *bands: str, until: dt.date = TODAY - DAY) -> None:
    """One night each, the last one of `until`."""
    formula, _ = HealthFormula.objects.get_or_create(
        name="Standard",
        version=1,
        defaults={
            "definition": {**EXAMPLE, "unhealthy_means": "They complain."},
            "created_at": NOW,
            "published_at": NOW,
        },
    )
    names = [each["name"] for each in EXAMPLE["bands"]]
    for night, band in enumerate(reversed(bands)):
        HealthScore.objects.create(
            customer=customer, day=until - night * DAY, formula=formula, score=50,
            band=names[-1] if band == "worst" else names[0], known_share=1, parts=b"",
            scored_on=until,
        )  # fmt: skip
