"""What other pages say of the API, which they need not know of."""

from __future__ import annotations

from django import template

from api.models import ApiKey

register = template.Library()


@register.simple_tag
def api_keys_in_use() -> int:
    return ApiKey.objects.filter(revoked_at=None).count()
