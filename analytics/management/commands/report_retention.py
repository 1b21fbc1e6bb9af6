from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from analytics.management import arguments
from analytics.reports import retention_report


class Command(BaseCommand):
    help = "Cohorts of customers and of revenue, and the movements of MRR."

    def add_arguments(self, parser: Any) -> None:
        arguments.add_period(parser)
        arguments.add_format(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        period = arguments.period_from(options)
        arguments.choice_from("--format", options["format"], of=arguments.Format)
        report = retention_report(period, today=timezone.localdate())
        self.stdout.write(arguments.written(report, options=options))
