from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts.domain.access.audit import AuditAction
from accounts.models import AuditEvent
from analytics.management import arguments
from analytics.management.demo import seed_health
from analytics.queries.health.formulas import all_versions


class Command(BaseCommand):
    help = "The health scores of the demo world; seed_demo runs it."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--on", metavar="DAY", help="the last day of the world; today")

    def handle(self, *args: Any, **options: Any) -> None:
        if not AuditEvent.objects.filter(action=AuditAction.DEMO_SEED).exists():
            raise CommandError("This database holds no demo world; run seed_demo on an empty one.")
        if all_versions().exists():
            raise CommandError("This database holds a health formula already.")
        today = arguments.day_from("--on", options["on"]) if options["on"] else timezone.localdate()
        with transaction.atomic():
            seed_health(today=today)
