"""The commands of reports as a shell has them: words in, text out."""

from __future__ import annotations

import io

from django.core.management import call_command

PERIOD = ["--from", "2026-04-01", "--to", "2026-06-30"]


def run(command: str, *arguments: str) -> str:
    out = io.StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()
