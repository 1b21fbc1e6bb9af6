"""Tickets, put together from their events."""

from __future__ import annotations

import pandas as pd

from accounts.domain.facts.events import EventKind
from analytics.domain.metrics.facts import Facts


def tickets(facts: Facts, then: str, *, since: pd.Timestamp) -> pd.DataFrame:
    """Of those opened since: `customer`, `opened`, and `then`, the first event of that kind after
    it (NaT: none yet).

    Without a reference nobody knows which event belongs to which ticket: such a one is left out.
    """
    opened = facts.of(EventKind.TICKET_OPENED, since=since).rename(columns={"at": "opened"})
    named = opened[opened["ref"] != ""]
    later = facts.of(then, since=since).rename(columns={"at": "then"})
    pairs = named.merge(later[["customer", "ref", "then"]], on=["customer", "ref"], how="left")
    pairs["then"] = pairs["then"].where(pairs["then"] >= pairs["opened"])
    groups = pairs.groupby(["customer", "ref"], as_index=False, observed=True, sort=False)
    return groups[["opened", "then"]].min()
