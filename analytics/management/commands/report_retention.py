from __future__ import annotations

from typing import Any

from django.utils import timezone

from analytics.domain.periods import Period
from analytics.management.report_command import ReportCommand
from analytics.reports.retention import RetentionReport, retention_report


class Command(ReportCommand):
    help = "Cohorts of customers and of revenue, and the movements of MRR."

    def get_report(self, period: Period, options: dict[str, Any]) -> RetentionReport:
        return retention_report(period, today=timezone.localdate())
