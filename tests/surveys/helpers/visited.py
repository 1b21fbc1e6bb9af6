"""When somebody opens the link of an e-mail, and what a survey asks besides its score."""

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
