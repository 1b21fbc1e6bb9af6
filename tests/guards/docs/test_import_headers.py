"""docs/import-headers.md lists the words of the one table; `KOE_WRITE=1` writes it anew."""

from __future__ import annotations

import os
from pathlib import Path

from accounts.domain.imports.file_columns import FileKind
from accounts.domain.imports.headers import words_of

PAGE = Path(__file__).resolve().parents[3] / "docs" / "import-headers.md"
INTRODUCTION = """# The headers that imports know

Of two columns that both name a field, the one whose word stands earlier here has it; the field's
own name stands before all. Width, case, spaces and signs do not count, nor does what stands in
brackets, nor what a column belongs to (`properties.email`, `Contact: Job Title`). Questions of
surveys are known by what they ask. A few words mean another thing beside certain others, such as
担当者メール beside 敬称. Any other column stays under its own name, and the page of an import lets
you say what it is.

Written by `tests/guards/docs/test_import_headers.py` from
`accounts/domain/imports/synonyms.py`; the tools that it is held to are in
`tests/accounts/domain/imports/header_sets.txt`.
"""


def page() -> str:
    parts = [INTRODUCTION]
    for kind in FileKind:
        rows = [
            f"| `{field}` | {', '.join(filter(None, words))} |\n"
            for field, words in words_of(kind).items()
        ]
        parts.append(f"\n## {kind.title()}\n\n| field | headers |\n|---|---|\n{''.join(rows)}")
    return "".join(parts)


def test_page_lists_the_words_of_the_table() -> None:
    if os.environ.get("KOE_WRITE"):
        PAGE.write_text(page(), encoding="utf-8")

    assert PAGE.read_text(encoding="utf-8") == page(), "KOE_WRITE=1 writes it anew"
