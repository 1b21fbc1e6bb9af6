from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from analytics.domain.health.formulas.faults import FormulaError
from analytics.domain.health.formulas.parsing import MAX_SIZE, load
from analytics.queries.health.formulas import version_of
from analytics.reports.health.preview import without_facts
from analytics.services.health.formulas import publish_formula, save_formula


class Command(BaseCommand):
    help = "A health formula from its JSON: saved as a new version if all of it is right."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", metavar="FILE", help="JSON; - for standard input")
        parser.add_argument("--publish", action="store_true", help="score customers by it")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        try:
            definition = load(_text_of(options["file"]))
            with transaction.atomic():
                saved = save_formula(definition, by=None, now=now)
                published = options["publish"] and publish_formula(saved.row, by=None, now=now)
        except FormulaError as error:
            lines = [f"{options['file']}: {fault}" for fault in error.faults]
            raise CommandError("\n".join([*lines, "Nothing was saved."])) from error
        for sentence in without_facts(version_of(saved.row).formula, today=timezone.localdate()):
            self.stderr.write(sentence)
        said = "saved" if saved.is_new else "unchanged"
        self.stdout.write(f"{saved.row}: {said}{', published' if published else ''}")


def _text_of(path: str) -> str:
    try:
        with Path("/dev/stdin" if path == "-" else path).open(encoding="utf-8-sig") as file:
            return file.read(MAX_SIZE + 1)
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{path}: is not UTF-8; save it as UTF-8.") from error
