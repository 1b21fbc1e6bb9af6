from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register


@register(Tags.security, deploy=True)
def unfinished(**_: Any) -> list[CheckMessage]:
    """What `config/checks.py` would not stop a start for."""
    return [Warning(f"{name}: {said}", id="koe.W001") for name, said in settings.UNFINISHED]
