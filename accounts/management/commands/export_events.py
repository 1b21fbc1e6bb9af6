from __future__ import annotations

from accounts.domain.imports.file_columns import FileKind
from accounts.management.export_command import ExportCommand


class Command(ExportCommand):
    help = "Write the events as a file that changes nothing when it is imported again."
    kind = FileKind.EVENTS
