"""When somebody opens the link of an e-mail, what the page shows as chosen, and what a survey
asks besides its score.
"""

from __future__ import annotations

import datetime as dt

from tests.surveys.helpers.invited import SENT

NOON = SENT + dt.timedelta(hours=3)
QUESTIONS = [
    {"key": "support", "kind": "csat", "label": {"en": "Support?", "ja": "サポート？"}},
    {
        "key": "most",
        "kind": "one",
        "label": {"en": "Most used?"},
        "choices": [
            {"value": "a", "label": {"en": "Expenses"}},
            {"value": "b", "label": {"en": "Invoices"}},
        ],
    },
    {
        "key": "all",
        "kind": "several",
        "label": {"en": "All used?"},
        "choices": [
            {"value": "a", "label": {"en": "Expenses"}},
            {"value": "b", "label": {"en": "Invoices"}},
        ],
    },
    {"key": "word", "kind": "text", "label": {"en": "In one word?"}},
]


def scores_checked(body: str) -> list[str]:
    return [
        part.split('value="')[1].split('"')[0]
        for part in body.split("<input")
        if " checked" in part.split(">")[0] and 'name="score"' in part
    ]
