"""What a browser posts from the campaign editor, and reads there."""

from __future__ import annotations

from typing import Any

from surveys.domain.wording import FIELD_NAMES


def form_data(**fields: Any) -> dict[str, Any]:
    """What a browser posts from the editor; the texts are left as they are."""
    texts = {f"{language}-{name}": "" for language in ("ja", "en") for name in FIELD_NAMES}
    return {
        "name": "Autumn 2026",
        "product_name": "Kanri Cloud",
        "expires_after_days": "30",
        "minimum_gap_days": "30",
        **texts,
        **fields,
    }


def open_panels(html: str) -> list[bool]:
    """Of the two languages, in their order on the page."""
    panels = [part.split(">")[0] for part in html.split('<details class="wording"')[1:3]]
    return [" open" in panel for panel in panels]
