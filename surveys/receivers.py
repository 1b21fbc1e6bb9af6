from __future__ import annotations

from typing import Any

from anymail.signals import tracking
from django.dispatch import receiver
from django.utils import timezone

from surveys.services.events import keep_provider_event


@receiver(tracking, dispatch_uid="surveys.keep_provider_event")
def keep_tracking_event(sender: type, event: Any, esp_name: str, **_: Any) -> None:
    keep_provider_event(event, provider=esp_name, now=timezone.now())
