from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts.services.access.staff import close_demo_logins


class Command(BaseCommand):
    help = "Close the log-ins of the demo that still have the password which everybody knows."

    def handle(self, *args: Any, **options: Any) -> None:
        closed = close_demo_logins(now=timezone.now())
        self.stdout.write(f"Closed: {', '.join(closed)}" if closed else "None is open.")
