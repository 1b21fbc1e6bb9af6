from __future__ import annotations

from django import template

from analytics.domain.health.formulas.sources import parse_source
from analytics.labels import band_label, source_label

register = template.Library()
register.filter("band", band_label)


@register.filter
def source(text: str) -> str:
    """In words; as it is written where it is none."""
    found = parse_source(text)
    return text if found is None else source_label(found)
