"""What has to be said where amounts of the latest month of revenue stand."""

from __future__ import annotations

import datetime as dt
from typing import Any

from accounts.queries.money.completeness import month_looks_incomplete
from accounts.queries.money.currency import amounts_left_out
from analytics.labels import incomplete_sentence
from analytics.queries.customers.money import Money, known_conversion


def said_of_month(month: dt.date | None) -> dict[str, Any]:
    """What is left out where all is in one currency, and whether the file looks cut off."""
    known = known_conversion()
    left_out = tuple(amounts_left_out(known, since=month)) if month else ()
    return {"money": Money(known.currency, left_out), "incomplete": cut_off(month)}


def cut_off(month: dt.date | None) -> str:
    """A sentence, where the file of the month looks so."""
    return incomplete_sentence([month] if month and month_looks_incomplete(month) else [])
