from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from analytics.domain.periods import Period
from analytics.management import arguments
from analytics.management.report_command import ReportCommand
from analytics.reports.health.errors import NoFormulaError
from analytics.reports.health.evidence import EVERY_DAYS, EvidenceReport, evidence_report


class Command(ReportCommand):
    help = "Whether the health score comes before lost customers, and better than its parts."

    def add_report_arguments(self, parser: Any) -> None:
        parser.add_argument("--horizon", default="90", metavar="DAYS", help="default: 90")
        parser.add_argument("--every", default=str(EVERY_DAYS), metavar="DAYS", help="default: 28")

    def get_report(self, period: Period, options: dict[str, Any]) -> EvidenceReport:
        try:
            return evidence_report(
                period,
                horizon_days=arguments.positive_from("--horizon", options["horizon"]),
                every_days=arguments.positive_from("--every", options["every"]),
                today=timezone.localdate(),
            )
        except NoFormulaError as error:
            raise CommandError(arguments.NO_FORMULA) from error
