from __future__ import annotations

from typing import Any

from django.utils import timezone

from analytics.domain.periods import Period
from analytics.management import arguments
from analytics.management.report_command import ReportCommand
from analytics.queries.filters import Filters
from analytics.reports.answers.trend import Step, TrendReport, trend_report


class Command(ReportCommand):
    help = "NPS, response rate, churn and NRR over time."

    def add_report_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--by",
            default=Step.MONTH.value,
            metavar="|".join(Step),
            help="rolling: the 3 or 12 months that end with each month; neighbours share answers",
        )
        arguments.add_where(parser)

    def get_report(self, period: Period, options: dict[str, Any]) -> TrendReport:
        today = timezone.localdate()
        filters = Filters(period, where=arguments.where_from(options), today=today)
        return trend_report(filters, step=arguments.choice_from("--by", options["by"], of=Step))
