"""Words of health; what they import is heavy, and every command imports the tags."""

from __future__ import annotations

from django import template

from analytics.domain.health.formulas.sources import parse_source

register = template.Library()


@register.filter
def band(name: str | None) -> str:
    from analytics.labels import band_label

    return band_label(name)


@register.filter
def source(text: str) -> str:
    """In words; as it is written where it is none."""
    from analytics.labels import source_label

    found = parse_source(text)
    return text if found is None else source_label(found)
