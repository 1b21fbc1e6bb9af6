"""The way from the MRR at the start to that at the end, step by step."""

from __future__ import annotations

from analytics.domain.customers.mrr.products import Ledger
from analytics.domain.customers.revenue import Movements

# Amounts that stand, where all others go up or down from the one before.
LEVELS = frozenset({"start", "stayed", "end"})
LOSSES = frozenset({"contraction", "churned"})
PLAIN = ("start", "new", "expansion", "reactivated", "contraction", "churned", "end")
SOLD = ("expansion", "upgrade", "cross_sell", "contraction")
# First those with MRR at start, down to what they pay at the end: over the start that is NRR.
BY_PRODUCT = ("start", *SOLD, "churned", "stayed", "new", "reactivated", "end")


def steps(moved: Movements, *, ledger: Ledger | None = None) -> dict[str, float]:
    """In their order; with the ledger what is sold stands apart by product."""
    if ledger is None:
        return {name: getattr(moved, name) for name in PLAIN}
    sold = {name: getattr(ledger, name) for name in SOLD}
    return {
        name: ledger.end if name == "stayed" else sold.get(name, getattr(moved, name, 0.0))
        for name in BY_PRODUCT
    }
