from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from surveys import sending
from surveys.management.moments import tick_at


class Command(BaseCommand):
    help = "Settles what was left lying and takes in what providers told, here and now, once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--at", metavar="ISO", help="the clock of this tick; now if left out")

    def handle(self, *args: Any, **options: Any) -> None:
        now = tick_at(options["at"])
        sending.apply_events(now=now)
        counts = sending.sweep(now=now)
        parts = " ".join(f"{name}={number}" for name, number in sorted(counts.items()) if number)
        self.stdout.write(parts or "nothing was left lying")
