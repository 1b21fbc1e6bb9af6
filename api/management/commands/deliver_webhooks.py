from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from actions.services.deliveries.sending import deliver_lane, due_lanes


class Command(BaseCommand):
    help = "Send what is due to webhooks and channels now, as the tick of every 10 seconds does."

    def handle(self, *args: Any, **options: Any) -> None:
        lanes = [each for each in due_lanes(now=timezone.now()) if each.startswith("channel-")]
        sent = sum(deliver_lane(each, clock=timezone.now) for each in lanes)
        self.stdout.write(f"delivered: {sent}")
