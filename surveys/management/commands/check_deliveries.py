from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from surveys.queries.delivery import balances, findings


class Command(BaseCommand):
    help = "Checks that every planned invitation is accounted for; ends with 1 if not."

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(balances())
        for each in found:
            self.stdout.write(str(each))
        wrong = list(findings(now=timezone.now()))
        for line in wrong:
            self.stderr.write(line)
        self.stdout.write(f"campaigns={len(found)} faults={len(wrong)}")
        if wrong:
            sys.exit(1)
