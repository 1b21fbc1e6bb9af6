from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import Import
from accounts.services.imports.undo.whole import ask_for, obstacle, undo


class Command(BaseCommand):
    help = "Take the last import of a kind back: all that it wrote, or nothing and the reason."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "number", metavar="ID", type=int, help="the one that the import printed"
        )

    def handle(self, *args: Any, number: int, **options: Any) -> None:
        row = Import.objects.filter(pk=number).first()
        if row is None:
            raise CommandError(f"there is no import {number}")
        if not ask_for(number, by=None):
            raise CommandError(f"import {number} cannot be taken back: {_why(row)}")
        if why := undo(number, now=timezone.now()):
            raise CommandError(f"import {number} was not taken back; nothing was changed: {why}")
        self.stdout.write(
            f"import {number} ({row.kind}) was taken back: {row.created} created and {row.updated} "
            "updated rows are as they were before"
        )


def _why(row: Import) -> str:
    if row.state == Import.State.UNDONE:
        return "it was taken back before"
    if row.state != Import.State.DONE or row.dry_run or not (row.created or row.updated):
        return "it changed nothing"
    return str(obstacle(row) or "it is being taken back")
