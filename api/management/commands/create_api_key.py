from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from api.models.keys import RATE, ROLES
from api.services.keys import DEFAULT_PROJECT, create_key


class Command(BaseCommand):
    help = "Make an API key and print it, once, alone on the last line."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--name", required=True)
        parser.add_argument("--role", required=True, choices=[role.value for role in ROLES])
        parser.add_argument("--project", default=DEFAULT_PROJECT)
        parser.add_argument("--rate", type=int, default=RATE, help="Requests per minute.")

    def handle(
        self, *args: Any, name: str, role: str, project: str, rate: int, **options: Any
    ) -> None:
        try:
            key, text = create_key(
                name, role=role, project=project, rate=rate, by=None, now=timezone.now()
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stderr.write(
            f"The key {key.name} of project {key.project} ({role}), shown this once:",
            self.style.NOTICE,
        )
        self.stdout.write(text)
