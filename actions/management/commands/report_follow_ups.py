from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from accounts.models import Dimension
from actions.reports.follow_ups import FollowUpReport, follow_up_report
from analytics.domain.periods import Period
from analytics.management.report_command import ReportCommand


class Command(ReportCommand):
    help = (
        "How fast follow-ups were worked on, their root causes, and the next score and retention "
        "of followed-up customers beside the others."
    )

    def add_report_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--by", default="", metavar="DIM", help="compare within this segment, too"
        )

    def get_report(self, period: Period, options: dict[str, Any]) -> FollowUpReport:
        by = options["by"]
        if by and not Dimension.objects.filter(name=by).exists():
            raise CommandError(f"--by: {by!r} is no segment of this organisation.")
        now = timezone.now()
        return follow_up_report(period, by=by, now=now, today=timezone.localdate(now))
