from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from actions.queries.follow_ups.balance import balance


class Command(BaseCommand):
    help = (
        "Prove that every counted detractor answer is in exactly one of follow-up, dismissed with "
        "a reason, waiting. Exit code 1 where one is not."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        found = balance()
        self.stdout.write(
            f"detractors={found.detractors} followed_up={found.followed_up} "
            f"dismissed={found.dismissed} waiting={found.waiting} faults={found.faults}"
        )
        for pk in found.first:
            self.stderr.write(f"answer {pk} is in none of them, or with another customer")
        if found.faults:
            sys.exit(1)
