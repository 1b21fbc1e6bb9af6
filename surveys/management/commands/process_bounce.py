from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from surveys.sending import LARGEST_BOUNCE, receive_bounce


class Command(BaseCommand):
    help = (
        "Takes in a bounce mail from standard input (for a mail server's pipe), or all new mails "
        "of a Maildir folder. Ends with 0 also for what is no bounce, so that no server retries."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--recipient", default="", help="the envelope recipient of the bounce")
        parser.add_argument("--maildir", type=Path, help="folder with new/ and cur/")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        folder: Path | None = options["maildir"]
        if folder is None:
            raw = sys.stdin.buffer.read(LARGEST_BOUNCE)
            self.stdout.write(receive_bounce(raw, recipient=options["recipient"], now=now))
            return
        if not (folder / "new").is_dir():
            raise CommandError(f"{folder} is no Maildir: it has no folder new.")
        (folder / "cur").mkdir(exist_ok=True)
        for mail in sorted((folder / "new").iterdir()):
            result = receive_bounce(mail.read_bytes(), now=now)
            mail.rename(folder / "cur" / f"{mail.name}:2,S")
            self.stdout.write(f"{mail.name}: {result}")
