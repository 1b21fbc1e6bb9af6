from __future__ import annotations

from collections.abc import Iterator

from accounts.domain.imports.file_columns import FileKind
from accounts.management.export_command import ExportCommand
from accounts.queries.exports import Line
from surveys.queries.answers.export import exported_responses
from surveys.queries.answers.responses import responses_of_all


class Command(ExportCommand):
    help = "Write the answers that count as a file that changes nothing when it is imported again."
    kind = FileKind.RESPONSES

    def lines(self) -> Iterator[Line]:
        return exported_responses(responses_of_all().filter(suspect=False))
