"""What a new campaign may begin as: Koe's own templates, and those that staff saved."""

from __future__ import annotations

from typing import Any

from common.web.ids import id_in
from surveys.domain.campaigns.templates import FIELDS, TEMPLATES
from surveys.models import Campaign, CampaignTemplate

OWN = "own-"


def template_fields(key: str) -> dict[str, Any] | None:
    """Fields of Campaign; None where there is no such template."""
    if key in TEMPLATES:
        return TEMPLATES[key].all_fields
    number = id_in(key.removeprefix(OWN)) if key.startswith(OWN) else None
    own = CampaignTemplate.objects.filter(pk=number or 0).first()
    return _read(own.fields) if own else None


def _read(stored: dict[str, Any]) -> dict[str, Any]:
    """A template of an older version may hold less, or what is no longer."""
    return {
        name: Campaign._meta.get_field(name).to_python(value)  # type: ignore[union-attr]
        for name, value in stored.items()
        if name in FIELDS
    }
