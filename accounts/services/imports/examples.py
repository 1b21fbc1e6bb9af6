"""What each column of an import means, and a file to start from."""

from __future__ import annotations

from django.utils.translation import gettext

from accounts.domain.imports.file_columns import MORE_HELP, FileKind, columns

# Columns of one's own, as most files of customers have some.
HAVE_ATTRIBUTES = (FileKind.CUSTOMERS, FileKind.RESPONDENTS, FileKind.RESPONSES)
FURTHER = {FileKind.CUSTOMERS: {"contract": ("enterprise", "business"), "region": ("関東", "EMEA")}}


def column_help(kind: FileKind) -> list[tuple[str, str, bool]]:
    """Name, meaning, and whether a file must have it."""
    found = [(name, gettext(each.help), each.required) for name, each in columns(kind).items()]
    return [*found, ("…", gettext(MORE_HELP), False)] if kind in HAVE_ATTRIBUTES else found


def example_rows(kind: FileKind) -> list[tuple[str, ...]]:
    """The header and a few rows."""
    known = {name: column.examples for name, column in columns(kind).items()}
    named = ((name, *cells) for name, cells in (known | FURTHER.get(kind, {})).items())
    return list(zip(*named, strict=True))
