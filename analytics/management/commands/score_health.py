from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from analytics.management import arguments
from analytics.queries.health.formulas import formulas_in_force
from analytics.services.health.scoring import score_health


class Command(BaseCommand):
    help = "One nightly tick: the health score of every customer on a day (default: yesterday)."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--on", metavar="DAY", help="2026-04-01; default: yesterday")

    def handle(self, *args: Any, **options: Any) -> None:
        today = timezone.localdate()
        day = arguments.day_from("--on", options["on"]) if options["on"] else None
        day = day or today - dt.timedelta(days=1)
        if day > today:
            raise CommandError(f"--on: {day} is in the future; its facts are not known yet.")
        if not formulas_in_force():
            raise CommandError(arguments.NO_FORMULA)
        number = score_health(day, today=today)
        self.stdout.write(f"{number} customers scored for {day}.")
