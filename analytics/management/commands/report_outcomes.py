from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from analytics.management import arguments
from analytics.reports import outcome_report


class Command(BaseCommand):
    help = "What became of customers, by the category of their answer."

    def add_arguments(self, parser: Any) -> None:
        arguments.add_period(parser)
        parser.add_argument("--horizon", default="180", metavar="DAYS", help="default: 180")
        arguments.add_format(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        period = arguments.period_from(options)
        horizon = arguments.positive_from("--horizon", options["horizon"])
        arguments.choice_from("--format", options["format"], of=arguments.Format)
        report = outcome_report(period, horizon_days=horizon, today=timezone.localdate())
        self.stdout.write(arguments.written(report, options=options))
