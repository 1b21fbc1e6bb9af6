"""How a word that somebody looks for may be written in what is searched."""

from __future__ import annotations

import unicodedata

# The letters that both kana have, and how far apart they are.
_HIRAGANA = range(0x3041, 0x3097)
_KATAKANA = range(0x30A1, 0x30F7)
_APART = _KATAKANA.start - _HIRAGANA.start
_TO_KATAKANA = {code: code + _APART for code in _HIRAGANA}
_TO_HIRAGANA = {code: code - _APART for code in _KATAKANA}


def words_of(text: str) -> list[str]:
    return text.replace("\u3000", " ").split()


def spellings(word: str) -> list[str]:
    """As it was typed, in the usual width, and in either kana; each once."""
    usual = unicodedata.normalize("NFKC", word)
    kana = (usual.translate(_TO_KATAKANA), usual.translate(_TO_HIRAGANA))
    return list(dict.fromkeys((word, usual, *kana)))


def excerpt(text: str, words: list[str], *, around: int) -> list[tuple[str, bool]]:
    """The part of a text around the first of the words, in pieces with whether each is a word."""
    line = " ".join(text.split())
    hits = _hits(line, words)
    start = max(0, hits[0][0] - around) if hits else 0
    end = min(len(line), start + 3 * around)
    pieces, at = [("…", False)] if start else [], start
    for first, last in hits:
        if at <= first and last <= end:
            pieces += [(line[at:first], False), (line[first:last], True)]
            at = last
    pieces.append((line[at:end] + ("…" if end < len(line) else ""), False))
    return [(piece, is_hit) for piece, is_hit in pieces if piece]


def _hits(line: str, words: list[str]) -> list[tuple[int, int]]:
    folded = line.lower()
    if len(folded) != len(line):
        # Places in it would be others than in the text.
        folded = line
    forms = {each.lower() for word in words for each in spellings(word) if each}
    found = []
    for form in forms:
        at = folded.find(form)
        while at >= 0:
            found.append((at, at + len(form)))
            at = folded.find(form, at + len(form))
    return sorted(found)
