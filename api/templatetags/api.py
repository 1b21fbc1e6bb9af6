"""What other pages say of the API, which they need not know of."""

from __future__ import annotations

from django import template
from django.utils import timezone

from api.models import ApiKey
from api.models.keys import ended

register = template.Library()


@register.simple_tag
def api_keys_in_use() -> int:
    return ApiKey.objects.exclude(ended(timezone.now())).count()
