from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from analytics.management import arguments
from analytics.queries.filters import Compare, FilterError, Filters
from analytics.reports import segment_report


class AsOf(StrEnum):
    NOW = "now"


class Command(BaseCommand):
    help = "NPS per segment beside churn, retention, GRR and NRR."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--by", metavar="DIM[,DIM]", help="one or two segments")
        arguments.add_period(parser)
        arguments.add_where(parser)
        parser.add_argument("--language", default="", help="only answers to mails in it: ja or en")
        parser.add_argument("--campaign", default="", metavar="SLUG")
        parser.add_argument("--compare", default=None, metavar="previous|year")
        parser.add_argument(
            "--as-of",
            default="",
            metavar="now",
            help="count in the segments of now instead of those of the day of sending",
        )
        arguments.add_format(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        compare = options["compare"]
        filters = Filters(
            period=arguments.period_from(options),
            by=tuple(arguments.names_from(options["by"])),
            where=arguments.where_from(options),
            campaign=options["campaign"],
            language=options["language"],
            compare=None
            if compare is None
            else arguments.choice_from("--compare", compare, of=Compare),
            as_of=_day(options["as_of"]),
        )
        arguments.choice_from("--format", options["format"], of=arguments.Format)
        try:
            report = segment_report(filters)
        except FilterError as error:
            raise CommandError(str(error)) from error
        if report.rebuilding is not None:
            self.stderr.write(arguments.mixed(report.rebuilding))
        self.stdout.write(arguments.written(report, options=options))


def _day(as_of: str) -> dt.date | None:
    if not as_of:
        return None
    arguments.choice_from("--as-of", as_of, of=AsOf)
    return timezone.localdate()
