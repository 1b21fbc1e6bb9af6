"""The formula of the contract, and small ones, for the tests of health."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np

from analytics.domain.health.facts.series import Rows
from analytics.domain.health.formulas.formula import Formula
from analytics.domain.health.formulas.parsing import parse_formula

STANDARD: dict[str, Any] = {
    "name": "Standard",
    "unhealthy_means": "They stop logging in, and write tickets.",
    "applies_to": {"contract": ["enterprise"]},
    "measures": [
        {"key": "voice", "group": "voice", "source": "nps_last", "max_age_days": 365,
         "points": [[0, 0], [6, 20], [8, 60], [10, 100]], "weight": 30},
        {"key": "logins", "group": "use", "source": "usage:logins", "aggregate": "sum",
         "window_days": 28, "per": "seats", "points": "percentile", "weight": 40},
        {"key": "falling", "group": "use", "source": "usage:logins", "aggregate": "sum",
         "window_days": 28, "change": "previous_window",
         "points": [[-0.5, 0], [0, 70], [0.2, 100]], "weight": 10},
        {"key": "tickets", "group": "support", "source": "events:ticket_opened",
         "aggregate": "count", "window_days": 90, "points": "percentile",
         "direction": "low_is_good", "weight": 20},
    ],
    "min_known_share": 0.6,
    "caps": [{"when": "open_follow_up", "at_most": 50}],
    "bands": [
        {"name": "good", "from": 70, "touch": "tech"},
        {"name": "watch", "from": 40, "touch": "low"},
        {"name": "risk", "from": 0, "touch": "high"},
    ],
    "too_new_days": 30,
}  # fmt: skip


def standard(**changes: Any) -> dict[str, Any]:
    """The JSON of the contract with some keys changed; None takes one away."""
    found = copy.deepcopy(STANDARD) | changes
    return {key: value for key, value in found.items() if value is not None}


def with_measure(**changes: Any) -> dict[str, Any]:
    """One measure only, the first of the contract's, with some keys changed."""
    measure = {"key": "voice", "source": "nps_last", "points": [[0, 0], [10, 100]], "weight": 1}
    measure = {key: value for key, value in (measure | changes).items() if value is not None}
    return standard(measures=[measure], applies_to=None)


def formula_of(*measures: dict[str, Any], **changes: Any) -> Formula:
    """Of measures whose source and knots do not matter unless they are given."""
    plain = {"source": "mrr", "points": [[0, 0], [100, 100]], "weight": 1}
    given = [plain | {"key": f"m{number}"} | each for number, each in enumerate(measures)]
    return parse_formula(standard(**({"measures": given, "applies_to": None} | changes)))


def rows_of(number: int, *facts: tuple[int, int, float]) -> Rows:
    """From (customer, day, value)."""
    columns = np.array(facts, dtype=float).reshape(-1, 3).T
    return Rows.sorted(number, columns[0].astype(np.intp), columns[1].astype(np.int64), columns[2])
