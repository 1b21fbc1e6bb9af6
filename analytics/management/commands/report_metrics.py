from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from analytics.domain.metrics.catalogue import CATALOGUE
from analytics.domain.periods import Period
from analytics.management import arguments
from analytics.management.report_command import ReportCommand
from analytics.queries.filters import Compare, Filters
from analytics.reports.metrics.report import MetricReport, metric_report

KEYS = tuple(each.key for each in CATALOGUE)


class Command(ReportCommand):
    help = "The metrics of customer success, each with its interval, change and target."

    def add_report_arguments(self, parser: Any) -> None:
        parser.add_argument("--by", default="", metavar="DIM[,DIM]", help="one or two dimensions")
        arguments.add_where(parser)
        parser.add_argument("--compare", default=None, metavar="|".join(Compare))
        parser.add_argument(
            "--metric", action="append", default=[], metavar="KEY", help="only this one; repeat it"
        )

    def get_report(self, period: Period, options: dict[str, Any]) -> MetricReport:
        for key in options["metric"]:
            if key not in KEYS:
                raise CommandError(f"--metric: {key!r} is not known; write one of {_known()}.")
        by = options["by"]
        filters = Filters(
            period,
            by=tuple(arguments.names_from(by)) if by else (),
            where=arguments.where_from(options),
            compare=arguments.compare_from(options["compare"]),
            today=timezone.localdate(),
        )
        return metric_report(
            filters,
            today=timezone.localdate(),
            keys=options["metric"],
            lists="onboarding_days" in options["metric"],
        )


def _known() -> str:
    return ", ".join(KEYS)
