from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.services.imports.reading.files import FileRefused
from api.domain.values import Invalid
from api.models import Project
from api.services.keys import DEFAULT_PROJECT
from api.services.read_exported import NotReadable, import_delighted


class Command(BaseCommand):
    help = (
        "Bring in what was taken out of Delighted: JSON Lines of people, survey responses, "
        "unsubscribes and bounces, or CSV. Ids are kept, and nobody is mailed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--project", default=DEFAULT_PROJECT)

    def handle(self, *args: Any, file: Path, project: str, **options: Any) -> None:
        found, _ = Project.objects.get_or_create(name=project.strip()[:100] or DEFAULT_PROJECT)
        try:
            total = import_delighted(file, found, now=timezone.now(), report=self._report)
        except NotReadable as error:
            raise CommandError(f"{file}: neither JSON Lines nor a CSV of Delighted") from error
        except (FileRefused, OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{file}: {error}") from error
        said = [f"{number} {what}" for what, number in sorted(total.items()) if number]
        self.stdout.write(", ".join(said) or "nothing was found")
        if total["bad"]:
            raise SystemExit(1)

    def _report(self, line: int, fault: Invalid) -> None:
        for field, texts in fault.errors.items():
            self.stderr.write(f"line {line}: {field}: {', '.join(texts)}")
