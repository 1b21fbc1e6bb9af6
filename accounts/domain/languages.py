"""The languages that Koe asks in and is shown in, each with its own name."""

from __future__ import annotations

LANGUAGES = {"ja": "日本語", "en": "English"}
