from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from analytics.management import arguments
from analytics.queries.filters import FilterError
from analytics.reports.health.errors import NoFormulaError
from analytics.reports.health.scores import health_report


class Command(BaseCommand):
    help = "Every customer's health score, as it was stored for the day or can be worked out now."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--on", metavar="DAY", help="2026-04-01; default: the last scored day")
        parser.add_argument("--by", metavar="DIM[,DIM]", help="name each customer's segment, too")
        arguments.add_format(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        arguments.choice_from("--format", options["format"], of=arguments.Format)
        day = arguments.day_from("--on", options["on"]) if options["on"] else None
        by = tuple(arguments.names_from(options["by"])) if options["by"] else ()
        try:
            report = health_report(day, today=timezone.localdate(), by=by)
        except NoFormulaError as error:
            raise CommandError(arguments.NO_FORMULA) from error
        except FilterError as error:
            raise CommandError(f"--by: {error}") from error
        self.stdout.write(arguments.written(report, options=options))
