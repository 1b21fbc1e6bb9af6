from __future__ import annotations

from accounts.domain.imports.file_columns import FileKind
from accounts.management.import_command import ImportCommand


class Command(ImportCommand):
    help = "Bring in a file of usage; importing it again changes nothing."
    kind = FileKind.USAGE
