from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from surveys.sending import PROVIDERS, Unreadable, apply_events, read_file, record_event


class Command(BaseCommand):
    help = (
        "Takes in one body of a provider's webhook, as its documentation shows it, and applies it "
        "at once. Its signature is not asked for."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--provider", required=True, choices=sorted(PROVIDERS))
        parser.add_argument("file", type=Path, help="the body, JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        provider: str = options["provider"]
        now = timezone.now()
        try:
            body = json.loads(path.read_bytes())
        except (OSError, ValueError) as error:
            raise CommandError(f"{path} cannot be read as JSON: {error}") from error
        try:
            events = read_file(body, provider=provider)
        except Unreadable as error:
            raise CommandError(f"{path} is no event of {provider}: {error}") from error
        kept = [record_event(event, provider=provider, now=now) for event in events]
        apply_events(now=now)
        for event, is_new in zip(events, kept, strict=True):
            word = "kept" if is_new else "repeated"
            self.stdout.write(f"{event.event_type}: {word}")
