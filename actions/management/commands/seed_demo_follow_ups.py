from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.domain.access.audit import AuditAction
from accounts.models import AuditEvent
from actions.demo.follow_ups import seed_follow_ups
from actions.models import AnswerCase


class Command(BaseCommand):
    help = "The follow-ups of the demo world; seed_demo runs it."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--at", metavar="ISO", required=True, help="when the history ends")

    def handle(self, *args: Any, **options: Any) -> None:
        if not AuditEvent.objects.filter(action=AuditAction.DEMO_SEED).exists():
            raise CommandError("This database holds no demo world; run seed_demo on an empty one.")
        if AnswerCase.objects.exists():
            raise CommandError("This database holds follow-ups already.")
        with transaction.atomic():
            seed_follow_ups(now=dt.datetime.fromisoformat(options["at"]))
