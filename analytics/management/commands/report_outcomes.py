from __future__ import annotations

from typing import Any

from django.utils import timezone

from analytics.domain.periods import Period
from analytics.management import arguments
from analytics.management.report_command import ReportCommand
from analytics.reports.outcomes import OutcomeReport, outcome_report


class Command(ReportCommand):
    help = "What became of customers, by the category of their answer."

    def add_report_arguments(self, parser: Any) -> None:
        parser.add_argument("--horizon", default="180", metavar="DAYS", help="default: 180")

    def get_report(self, period: Period, options: dict[str, Any]) -> OutcomeReport:
        horizon = arguments.positive_from("--horizon", options["horizon"])
        return outcome_report(period, horizon_days=horizon, today=timezone.localdate())
