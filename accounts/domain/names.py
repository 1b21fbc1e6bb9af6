"""Names as files have them: a space, an invisible sign or a dash is none."""

from __future__ import annotations

import unicodedata

_SEEN = ("L", "N")


def shown_name(text: str) -> str:
    """Without a letter or digit nobody is named: then "", for whoever has words for that."""
    stripped = text.strip()
    return stripped if any(unicodedata.category(sign)[0] in _SEEN for sign in stripped) else ""
