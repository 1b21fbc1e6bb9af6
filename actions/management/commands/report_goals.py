from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from actions.models import Goal
from actions.reports.goals import goal_report
from analytics.management import arguments


class Command(BaseCommand):
    help = "The goals: where each stands on a day, where it should, and what can be said of it."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--on", metavar="DATE", help="the day, 2026-04-01")
        arguments.add_format(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        day = arguments.day_from("--on", options["on"])
        arguments.choice_from("--format", options["format"], of=arguments.Format)
        goals = list(Goal.objects.select_related("dimension", "owner"))
        report = goal_report(goals, day=day, today=timezone.localdate())
        self.stdout.write(arguments.written(report, options=options))
