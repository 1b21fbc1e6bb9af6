"""Free text: every word somewhere in a row, in capitals or not, Japanese too.

No index is used. Japanese words have two letters more often than not, and what PostgreSQL's
trigrams and SQLite's full-text index can find begins at three; reading 100,000 texts costs less
than keeping an index that knows every pair of letters. What is slow is folding the case of every
text by the rules of all languages, so that is done only for words that need it, and joining every
response with its respondent, which `surveys.queries.answers.responses` avoids.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db import connection
from django.db.models import CharField, Lookup, Q, TextField

from accounts.domain.search import spellings, words_of


def has_word(word: str, *, fields: Sequence[str]) -> Q:
    """Full-width letters, as Japanese keyboards write them, find the usual ones too, and each kana
    the other."""
    forms = spellings(word)
    return reduce(
        or_, (Q(**{f"{field}__{_way(form)}": form}) for field in fields for form in forms)
    )


def has_words(text: str, *, fields: Sequence[str]) -> Q:
    """Every word in one of the fields."""
    conditions = (has_word(word, fields=fields) for word in words_of(text))
    return reduce(and_, conditions, Q())


def _way(word: str) -> str:
    if word.isascii() and connection.vendor == "postgresql":
        return "has_ascii"
    return "contains" if word.lower() == word.upper() else "icontains"


@CharField.register_lookup
@TextField.register_lookup
class HasAscii(Lookup):
    """`icontains` for a word of ASCII alone, byte by byte. SQLite knows no other way anyhow."""

    lookup_name = "has_ascii"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, values = self.process_lhs(compiler, connection)
        sql = f'STRPOS(LOWER({column} COLLATE "C"), %s) > 0'
        return sql, (*values, str(self.rhs).lower())
