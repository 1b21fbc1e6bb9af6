"""What the editor shows while there is no formula: something to change."""

from __future__ import annotations

from typing import Any

EXAMPLE: dict[str, Any] = {
    "name": "Standard",
    "unhealthy_means": "",
    "measures": [
        {
            "key": "voice",
            "group": "voice",
            "source": "nps_last",
            "max_age_days": 365,
            "points": [[0, 0], [6, 20], [8, 60], [10, 100]],
            "weight": 40,
        },
        {
            "key": "answers",
            "group": "voice",
            "source": "response_rate",
            "points": "percentile",
            "weight": 20,
        },
        {
            "key": "money",
            "group": "money",
            "source": "mrr_change_3m",
            "points": [[-0.5, 0], [0, 70], [0.2, 100]],
            "weight": 40,
        },
    ],
    "min_known_share": 0.6,
    "bands": [
        {"name": "good", "from": 70, "touch": "tech"},
        {"name": "watch", "from": 40, "touch": "low"},
        {"name": "risk", "from": 0, "touch": "high"},
    ],
    "too_new_days": 30,
}
