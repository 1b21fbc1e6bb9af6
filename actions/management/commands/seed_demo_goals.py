from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts.domain.access.audit import AuditAction
from accounts.models import AuditEvent
from actions.demo.goals import seed_goals
from actions.models import Goal
from analytics.management import arguments


class Command(BaseCommand):
    help = "The goals of the demo world; seed_demo runs it."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--on", metavar="DAY", help="the last day of the world; today")

    def handle(self, *args: Any, **options: Any) -> None:
        if not AuditEvent.objects.filter(action=AuditAction.DEMO_SEED).exists():
            raise CommandError("This database holds no demo world; run seed_demo on an empty one.")
        if Goal.objects.exists():
            raise CommandError("This database holds goals already.")
        today = arguments.day_from("--on", options["on"]) if options["on"] else timezone.localdate()
        with transaction.atomic():
            seed_goals(today=today)
