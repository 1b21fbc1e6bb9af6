from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from analytics.management import arguments
from analytics.queries.filters import FilterError, Filters
from analytics.reports import trend_report
from analytics.reports.trend import Step


class Command(BaseCommand):
    help = "NPS, response rate, churn and NRR over time."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--by",
            default=Step.MONTH.value,
            metavar="|".join(Step),
            help="rolling: the 3 or 12 months that end with each month; neighbours share answers",
        )
        arguments.add_period(parser)
        arguments.add_where(parser)
        arguments.add_format(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        filters = Filters(arguments.period_from(options), where=arguments.where_from(options))
        step = arguments.choice_from("--by", options["by"], of=Step)
        arguments.choice_from("--format", options["format"], of=arguments.Format)
        try:
            report = trend_report(filters, step=step)
        except FilterError as error:
            raise CommandError(str(error)) from error
        if report.rebuilding is not None:
            self.stderr.write(arguments.mixed(report.rebuilding))
        self.stdout.write(arguments.written(report, options=options))
