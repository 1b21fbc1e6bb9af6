"""What is known of our contact with a customer."""

from __future__ import annotations

import datetime as dt

from accounts.domain.facts.contacts import pulse_counts
from accounts.models import Customer, Pulse


def pulses_of(customer: Customer, *, now: dt.datetime, at_most: int) -> list[tuple[Pulse, bool]]:
    """Newest first, each with whether it counts: a judgement stands until the next one, and for
    90 days at most."""
    found = list(customer.pulses.select_related("created_by")[:at_most])
    return [
        (each, place == 0 and pulse_counts(each.at, now=now)) for place, each in enumerate(found)
    ]
