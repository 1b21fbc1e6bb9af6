from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from surveys.management.moments import tick_at
from surveys.sending import dispatch_due


class Command(BaseCommand):
    help = "Sends everything that is due, here and now, without a broker."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--at", metavar="ISO", help="the clock of this tick; now if left out")

    def handle(self, *args: Any, **options: Any) -> None:
        now = tick_at(options["at"])
        counts = dispatch_due(now=now if options["at"] else None, foreground=True)
        parts = " ".join(f"{name}={number}" for name, number in sorted(counts.items()) if number)
        self.stdout.write(parts or "nothing is due")
