"""Japanese lines break between phrases, also where the browser or the mail program cannot."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

if TYPE_CHECKING:
    from budoux import Parser

# What has no spaces to break at.
_JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uff00-\uffef]")
# Runs without spaces, and of them only what a phrase can end in: not addresses, not placeholders.
_RUN = re.compile(r"[^\x00-\x7f]{2,}")


@cache
def _parser() -> Parser:
    from budoux import load_default_japanese_parser

    return load_default_japanese_parser()


def phrases(text: str) -> list[str]:
    """The text in pieces between which a line may break; joined they are the text."""
    if not _JAPANESE.search(text):
        return [text]
    found: list[str] = []
    at = 0
    for run in _RUN.finditer(text):
        first, *rest = _parser().parse(run[0])
        # What stands before stays with the first phrase, as a quote does.
        found += [text[at : run.start()] + first, *rest]
        at = run.end()
    if text[at:]:
        found.append(text[at:])
    return found


def with_breaks(text: str) -> SafeString:
    """As HTML: a line may break at each `<wbr>`; the place has the class `phrased`."""
    return mark_safe("<wbr>".join(escape(each) for each in phrases(text)))  # noqa: S308 - escaped
