from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from analytics.counting import folding
from analytics.counting.checks import check_cells


class Command(BaseCommand):
    help = (
        "Count all answers and sent mails and compare them with what the reports are made of. "
        "Exit code 1 if they differ."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--rebuild", action="store_true", help="count anew first, after a change by hand"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["rebuild"]:
            folding.rebuild()
        proof = check_cells()
        self.stdout.write(f"answers={proof.answers} blocks={proof.blocks} wrong={len(proof.wrong)}")
        for line in proof.wrong:
            self.stderr.write(line)
        if proof.wrong:
            sys.exit(1)
