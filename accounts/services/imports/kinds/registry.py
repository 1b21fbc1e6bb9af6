"""Who imports which kind of file. `surveys` adds the responses, which `accounts` cannot know."""

from __future__ import annotations

from typing import Any

from accounts.domain.imports.file_columns import FileKind
from accounts.services.imports.kinds.base import Importer
from accounts.services.imports.kinds.customers import CustomerImporter
from accounts.services.imports.kinds.events import EventImporter
from accounts.services.imports.kinds.rates import RateImporter
from accounts.services.imports.kinds.respondents import RespondentImporter
from accounts.services.imports.kinds.revenue import RevenueImporter
from accounts.services.imports.kinds.usage import UsageImporter

_importers: dict[FileKind, type[Importer[Any]]] = {
    FileKind.CUSTOMERS: CustomerImporter,
    FileKind.RESPONDENTS: RespondentImporter,
    FileKind.REVENUE: RevenueImporter,
    FileKind.RATES: RateImporter,
    FileKind.USAGE: UsageImporter,
    FileKind.EVENTS: EventImporter,
}


def register_importer(importer: type[Importer[Any]]) -> None:
    _importers[importer.kind] = importer


def importer_for(kind: FileKind) -> type[Importer[Any]]:
    return _importers[kind]
