"""What metrics are made of."""

from __future__ import annotations

import datetime as dt
from typing import Any

from accounts.models import Event, ImportedFact


def happened(customer: Any, kind: str, at: str, ref: str = "") -> None:
    moment = dt.datetime.fromisoformat(f"{at}T12:00+00:00")
    Event.objects.create(customer=customer, kind=kind, at=moment, ref=ref, known_from=moment.date())


def told(fact: str) -> None:
    ImportedFact.objects.create(
        fact=fact, first_on=dt.date(2020, 1, 1), last_on=dt.date(2199, 1, 1)
    )
