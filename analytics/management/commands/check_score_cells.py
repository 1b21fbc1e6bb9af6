from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from analytics.counting.cells import folding
from analytics.counting.cells.checks import check_cells


class Command(BaseCommand):
    help = (
        "Count all answers and sent mails and compare them with what the reports are made of. "
        "Exit code 1 if they differ."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--rebuild", action="store_true", help="count again first, after a change by hand"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["rebuild"]:
            folding.rebuild()
        result = check_cells()
        self.stdout.write(
            f"answers={result.answers} blocks={result.blocks} wrong={len(result.wrong)}"
        )
        for line in result.wrong:
            self.stderr.write(line)
        if result.wrong:
            sys.exit(1)
