"""Which field a header names, by itself: its words, what stands in brackets, what it belongs to."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache

from accounts.domain.imports.file_columns import FileKind, columns
from accounts.domain.imports.synonyms import PATTERNS, SYNONYMS
from accounts.domain.imports.words import FAMILY_NAME, GIVEN_NAME

# The two halves of a person's name.
FAMILY, GIVEN = "family_name", "given_name"

NOT_KEY = re.compile(r"[\W_]+")
_ASIDE = re.compile(r"[(\[【〔<（].*?[)\]】〕>）]")
# The same in other letters, which is another column: 会社名（カナ）, よみ（姓）.
_LETTERS = (
    r"(?:カナ|かな|よみ|読み|ヨミ|フリガナ|ふりがな|英語|英字|ローマ字|kana|yomi|phonetic)"
    r"(?:名|表記)?"
)
_OTHER_LETTERS = re.compile(
    rf"[(\[]\s*(?:全角|半角|カタ|ひら)?{_LETTERS}\s*[)\]]|{_LETTERS}\s*[(\[][姓名]", re.IGNORECASE
)
_WITH_TAX = re.compile(r"税込|内税|incl|gross|with tax", re.IGNORECASE)
# `Contact: Email`, `properties.email`, `Person - Email`: what it belongs to, and what it is.
_WITHIN = re.compile(r".*(?:[:.：]|\s-\s)\s*(?=\S)")
# Words that say nothing without what they belong to: `product.name` is nobody's name.
_OF_ANYTHING = frozenset(
    {"id", "name", "code", "key", "no", "title", "type", "date", "status", "value", "description",
     "number", "time", "created", "createdat", "comment", "text", "amount", "total", "quantity",
     "名前", "名称", "コード", "番号", "日付", "日時", "内容", "備考", "名"}
)  # fmt: skip
# 担当者（姓）, whose key is that of 担当者姓 and 担当者名 were it not for the brackets.
_HALF = re.compile(r".*[(\[]\s*([姓名])\s*[)\]]\s*")
# What programs wrap every column in.
_WRAPPED = re.compile(
    r"(?:properties|fields|attributes|data|record|answers?|[0-9]+)[.:]?\s*$", re.IGNORECASE
)
# Whose address it is then is not the customer's.
_STAFF = re.compile(
    r"owner|agent|assignee|manager|\bcsm\b|sales|creator|created by|author|admin"
    r"|所有者|作成者|更新者",
    re.IGNORECASE,
)
# Questions are sentences, no more: what is longer is read as far as that.
_LONGEST = 400
# A pattern is a guess beside a name.
_ASIDE_RANK, _WITH_TAX_RANK, _WITHIN_RANK, _PATTERN_RANK = 1000, 1500, 2000, 3000


def key_of(header: str) -> str:
    """Headers that differ in width, case, spaces and signs have one."""
    text = unicodedata.normalize("NFKC", header).lower()
    return "#" if text.strip() == "#" else NOT_KEY.sub("", text)


def words_of(kind: FileKind) -> dict[str, list[str]]:
    """By field, the nearest first; its own name is not among them."""
    table = {field: SYNONYMS[kind].get(field, "") for field in columns(kind)}
    if kind is FileKind.RESPONDENTS:
        table |= {FAMILY: FAMILY_NAME, GIVEN: GIVEN_NAME}
    return {field: text.split("|") for field, text in table.items()}


@cache
def _ranks(kind: FileKind) -> dict[str, tuple[int, str]]:
    """Each known word to the field it names and how well: the contract's own names come first."""
    found: dict[str, tuple[int, str]] = {}
    for field, words in words_of(kind).items():
        for rank, word in enumerate([field, *words]):
            key = key_of(word)
            if key and (key not in found or rank < found[key][0]):
                found[key] = (rank, field)
    return found


@cache
def _patterns(kind: FileKind) -> tuple[tuple[str, re.Pattern[str]], ...]:
    given = PATTERNS.get(kind, {})
    return tuple((field, re.compile(text, re.IGNORECASE)) for field, text in given.items())


@lru_cache(maxsize=4096)
def guess(header: str, kind: FileKind) -> tuple[int, str] | None:
    """The field that a header names, and how far from the letter of the table it is."""
    ranks = _ranks(kind)
    plain = unicodedata.normalize("NFKC", header[:_LONGEST])
    for text, behind in _forms(plain):
        if found := ranks.get(key_of(text)):
            return found[0] + behind, found[1]
    for field, pattern in _patterns(kind):
        if pattern.search(plain):
            return _PATTERN_RANK, field
    return None


def _forms(plain: str) -> Iterator[tuple[str, int]]:
    """What a header may be looked up as, and how far that is from what it says."""
    is_other = _OTHER_LETTERS.search(plain)
    if (half := _HALF.fullmatch(plain)) and not is_other:
        yield half[1], 0
    yield plain, 0
    if not is_other:
        yield _ASIDE.sub("", plain), _WITH_TAX_RANK if _WITH_TAX.search(plain) else _ASIDE_RANK
    if within := _WITHIN.match(plain):
        of, leaf = within[0], plain[within.end() :]
        is_own = key_of(leaf) not in _OF_ANYTHING or _WRAPPED.search(of.strip(" -"))
        if is_own and not _STAFF.search(of):
            yield leaf, _WITHIN_RANK


def asks_for(field: str, header: str, kind: FileKind) -> bool:
    """Whether it is a question whose answer is that field."""
    return guess(header, kind) == (_PATTERN_RANK, field)
