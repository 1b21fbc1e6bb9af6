from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.utils import timezone

from analytics.domain.periods import Period
from analytics.management import arguments
from analytics.management.report_command import ReportCommand
from analytics.queries.filters import Compare, Filters
from analytics.reports.answers.segments import SegmentReport, segment_report

LANGUAGES = " or ".join(code for code, _name in settings.LANGUAGES)


class AsOf(StrEnum):
    NOW = "now"


class Command(ReportCommand):
    help = "NPS per segment beside churn, retention, GRR and NRR."

    def add_report_arguments(self, parser: Any) -> None:
        parser.add_argument("--by", metavar="DIM[,DIM]", help="one or two dimensions")
        arguments.add_where(parser)
        parser.add_argument(
            "--language", default="", help=f"only answers to e-mails in it: {LANGUAGES}"
        )
        parser.add_argument("--campaign", default="", metavar="SLUG")
        parser.add_argument("--compare", default=None, metavar="|".join(Compare))
        parser.add_argument(
            "--as-of",
            default="",
            metavar="now",
            help="count in the segments of now instead of those of the day of sending",
        )

    def get_report(self, period: Period, options: dict[str, Any]) -> SegmentReport:
        return segment_report(
            Filters(
                period,
                by=tuple(arguments.names_from(options["by"])),
                where=arguments.where_from(options),
                campaign=options["campaign"],
                language=options["language"],
                compare=arguments.compare_from(options["compare"]),
                as_of=_day(options["as_of"]),
                today=timezone.localdate(),
            )
        )


def _day(as_of: str) -> dt.date | None:
    if not as_of:
        return None
    arguments.choice_from("--as-of", as_of, of=AsOf)
    return timezone.localdate()
