from __future__ import annotations

from argparse import RawDescriptionHelpFormatter
from contextlib import ExitStack
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from analytics.management.calculations import (
    answers,
    counts,
    customers,
    drivers,
    measured,
    rates,
    revenue,
    survival,
)
from analytics.management.calculations.inputs.tables import kept
from analytics.management.calculations.output import as_json, as_table

FORMATS = {"json": as_json, "table": as_table}
KINDS = {
    kind.name: kind
    for module in (counts, answers, rates, customers, revenue, survival, drivers, measured)
    for kind in module.KINDS
}


class Command(BaseCommand):
    help = (
        "The statistics of the reports on figures of your own. `calculate KIND --help` explains a "
        "kind and has an example; docs/statistics.md lists published numbers to check it with."
    )

    def add_arguments(self, parser: Any) -> None:
        kinds = parser.add_subparsers(dest="kind", required=True, metavar="KIND")
        for kind in KINDS.values():
            found = kinds.add_parser(
                kind.name,
                help=kind.summary,
                description=kind.help_text,
                formatter_class=RawDescriptionHelpFormatter,
            )
            kind.add_arguments(found)
            found.add_argument(
                "--format", default="json", metavar="json|table", help="json unless said"
            )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["format"] not in FORMATS:
            raise CommandError(f"--format: {options['format']!r}; write json or table.")
        with ExitStack() as stack:
            if "file" in options:
                options["file"] = stack.enter_context(kept(options["file"]))
            figures = KINDS[options["kind"]].calculate(options)
        self.stdout.write(FORMATS[options["format"]](figures))
