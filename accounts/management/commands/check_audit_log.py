from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts.queries.audit import check_log
from accounts.services.access.audit import seal_events


class Command(BaseCommand):
    help = (
        "Checks that no line of the audit log was changed or taken out; ends with 1 if one was."
        " Keep the last seal elsewhere: it shows whether the end was cut off."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--contains", metavar="SEAL", help="a last seal of before, which must still be there"
        )

    def handle(self, *args: Any, contains: str | None, **options: Any) -> None:
        seal_events()
        log = check_log(now=timezone.now(), contains=contains)
        for line in log.faults:
            self.stderr.write(line)
        self.stdout.write(
            f"events={log.events} sealed={log.sealed} last={log.last} faults={len(log.faults)}"
        )
        if log.faults:
            sys.exit(1)
