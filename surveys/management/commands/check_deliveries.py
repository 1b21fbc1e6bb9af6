from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from surveys.queries.delivery import balances, findings


class Command(BaseCommand):
    help = "Checks that every planned invitation is accounted for; ends with 1 if not."

    def handle(self, *args: Any, **options: Any) -> None:
        for each in balances():
            self.stdout.write(str(each))
        wrong = list(findings(now=timezone.now()))
        for line in wrong:
            self.stderr.write(line)
        if wrong:
            sys.exit(1)
