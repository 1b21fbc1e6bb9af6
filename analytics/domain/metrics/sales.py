"""Which of the customers with MRR at start bought more: rows of the ledger by product, as units."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

# Metric to the column of the ledger that is above 0 of who is a hit.
SALES: Mapping[str, str] = {"upsell_rate": "upgrade", "cross_sell_rate": "cross_sell"}


def sold(rows: pd.DataFrame, key: str) -> pd.DataFrame:
    """`rows`: see `ledger_rows`; those whose amounts are not known are left out."""
    known = rows.dropna()
    return pd.DataFrame(
        {
            "customer": known.index.to_numpy(),
            "hit": (known[SALES[key]] > 0).to_numpy(dtype=bool),
        }
    )
