"""The one command of all reports: a period, a format, and what the report itself asks for."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from analytics.domain.periods import Period
from analytics.management import arguments
from analytics.queries.filters import FilterError
from analytics.reports.report import Report


class ReportCommand(BaseCommand, ABC):
    def add_arguments(self, parser: Any) -> None:
        arguments.add_period(parser)
        self.add_report_arguments(parser)
        arguments.add_format(parser)

    def add_report_arguments(self, parser: Any) -> None:
        """What the report asks for besides its period."""

    @abstractmethod
    def get_report(self, period: Period, options: dict[str, Any]) -> Report:
        """The report of the period."""

    def handle(self, *args: Any, **options: Any) -> None:
        period = arguments.period_from(options)
        arguments.choice_from("--format", options["format"], of=arguments.Format)
        try:
            report = self.get_report(period, options)
        except FilterError as error:
            raise CommandError(str(error)) from error
        # Reports by segment know it; the others mix nothing.
        rebuilding: float | None = getattr(report, "rebuilding", None)
        if rebuilding is not None:
            self.stderr.write(arguments.mixed(rebuilding))
        self.stdout.write(arguments.written(report, options=options))
