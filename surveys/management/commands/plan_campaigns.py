from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from surveys.management.moments import tick_at
from surveys.services.campaigns.plan import plan_due


class Command(BaseCommand):
    help = "Plan the running campaigns once, without a broker; prints what was decided as JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--at", metavar="ISO", help="the clock of this tick; now if left out")

    def handle(self, *args: Any, **options: Any) -> None:
        planned = plan_due(now=tick_at(options["at"]), thorough=True)
        found = {
            slug: {"asked": result.asked, "reasons": result.reasons}
            for slug, result in planned.items()
        }
        self.stdout.write(json.dumps(found, indent=2))
