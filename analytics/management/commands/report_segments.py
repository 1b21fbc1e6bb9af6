from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from analytics.filters import Compare, FilterError, Filters
from analytics.management import arguments
from analytics.reports import segment_report


class Command(BaseCommand):
    help = "NPS per segment beside churn, retention, GRR and NRR."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--by", metavar="DIM[,DIM]", help="one or two segments")
        arguments.add_period(parser)
        arguments.add_where(parser)
        parser.add_argument("--language", default="", help="only answers to mails in it: ja or en")
        parser.add_argument("--campaign", default="", metavar="SLUG")
        parser.add_argument("--compare", default=None, metavar="previous|year")
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
        )
        arguments.choice_from("--format", options["format"], of=arguments.Format)
        try:
            report = segment_report(filters)
        except FilterError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(arguments.written(report, options=options))
