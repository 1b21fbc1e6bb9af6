from __future__ import annotations

from collections.abc import Iterator

from accounts.management.export_command import ExportCommand
from accounts.queries.exports import Line
from accounts.queries.suppressions import exported_suppressions


class Command(ExportCommand):
    help = "Write who is not mailed, with the reason and since when."

    def lines(self) -> Iterator[Line]:
        return exported_suppressions()
