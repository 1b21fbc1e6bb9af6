"""The encoding that reads every byte of a file; a guess that would make nonsense is refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain, islice
from pathlib import Path

from accounts.domain.reasons import ReasonCode, reason
from accounts.services.imports.reading.files import FileRefused, is_wide_text

Chunks = Callable[[str], Iterator[str]]
_CHUNK = 256 * 1024
_JAPANESE = ("cp932", "euc_jp")
_WIDE_RUN = re.compile(r"[^\x00-\x7f]+")
_LATIN = re.compile(r"[A-Za-z]")
# What CP932 makes of bytes that stand for nothing, or for what one company has drawn itself.
_NO_SIGN = re.compile(r"[\x80\xa0\ue000-\uf8ff]")
_KANA_AND_SIGNS = re.compile(r"[\u3000-\u30ff\uff01-\uff5e]")
_HALF_KANA = re.compile(r"[\uff61-\uff9f]")
# Of those that are written, nearly all are in the first half of the table.
_COMMON_LEAD = range(0xB0, 0xD0)
# First bytes of kanji that stand for accented letters and apostrophes in Western encodings.
_ALSO_WESTERN = frozenset(
    [0x85, 0x8A, 0x8C, 0x8D, 0x8E, 0x8F, 0x92, 0x96, 0x97, *range(0x99, 0xA0), *range(0xE0, 0x100)]
)


# A sample of a few rows needs no more than this of a file.
_CHUNKS_OF_SAMPLE = 2


def sniff_encoding(path: Path, *, sample: bool = False) -> str:
    """Of a `sample` by its beginning: a byte further on that does not fit is not seen."""
    chunks = partial(_chunks, path, most=_CHUNKS_OF_SAMPLE if sample else None)
    if is_wide_text(path):
        return _needed(path, ["utf-16"], chunks)
    if _broken_line(path, "utf-8-sig", chunks) is None:
        return "utf-8-sig"
    fitting = [name for name in _JAPANESE if _broken_line(path, name, chunks) is None]
    if "euc_jp" in fitting and _is_euc(chunks("euc_jp"), alone="cp932" not in fitting):
        return "euc_jp"
    if "cp932" in fitting and _reads_as_japanese(chunks("cp932")):
        return "cp932"
    return _needed(path, ["utf-8-sig"] if fitting else ["utf-8-sig", *_JAPANESE], chunks)


def _chunks(path: Path, encoding: str, *, most: int | None) -> Iterator[str]:
    with path.open(encoding=encoding, newline="") as file:
        yield from islice(iter(lambda: file.read(_CHUNK), ""), most)


def _needed(path: Path, names: list[str], chunks: Chunks) -> str:
    """The one that reads furthest, or the line at which it no longer does."""
    broken = [_broken_line(path, name, chunks) for name in names]
    lines = [line for line in broken if line is not None]
    if len(lines) < len(names):
        return names[broken.index(None)]
    raise FileRefused(reason(ReasonCode.FILE_ENCODING, line=max(lines)))


def _broken_line(path: Path, encoding: str, chunks: Chunks) -> int | None:
    """The line of the first byte that does not fit."""
    try:
        for text in chunks(encoding):
            if encoding == "cp932" and _NO_SIGN.search(text):
                return _line_of_fault(path, encoding)
    except UnicodeError:
        return _line_of_fault(path, encoding)
    return None


def _line_of_fault(path: Path, encoding: str) -> int:
    if encoding == "utf-16":
        return 1  # its lines cannot be told apart by bytes
    with path.open("rb") as file:
        return next((number for number, row in enumerate(file, 1) if not _fits(row, encoding)), 1)


def _fits(row: bytes, encoding: str) -> bool:
    try:
        text = row.decode(encoding)
    except UnicodeError:
        return False
    return encoding != "cp932" or not _NO_SIGN.search(text)


def _is_euc(chunks: Iterable[str], *, alone: bool) -> bool:
    """Bytes of EUC-JP read as half-width kana in CP932, which nobody writes in such numbers."""
    kana = common = rare = 0
    for run in chain.from_iterable(map(_WIDE_RUN.findall, chunks)):
        kana += len(_KANA_AND_SIGNS.findall(run))
        leads = [sign.encode("euc_jp")[0] for sign in run if not _KANA_AND_SIGNS.match(sign)]
        common += sum(lead in _COMMON_LEAD for lead in leads)
        rare += sum(lead not in _COMMON_LEAD for lead in leads)
    likely = kana + common > 3 * rare
    return likely if alone or not kana else kana + common > 9 * rare


def _reads_as_japanese(chunks: Iterable[str]) -> bool:
    """Accented letters of a Western file read as CP932 become single kanji inside Latin words."""
    japanese = western = 0
    for text in chunks:
        for run in _WIDE_RUN.finditer(text):
            if _may_be_western(run, text):
                western += 1
            else:
                japanese += 1
    return western < japanese


def _may_be_western(run: re.Match[str], text: str) -> bool:
    """A lone sign beside Latin letters; in A社 the second byte of the kanji is no letter."""
    beside = text[max(run.start() - 1, 0) : run.start()] + text[run.end() : run.end() + 1]
    if len(run[0]) > 1 or not _LATIN.search(beside):
        return False
    if _HALF_KANA.match(run[0]):
        return True
    sign = run[0].encode("cp932")
    return len(sign) == 2 and sign[0] in _ALSO_WESTERN and chr(sign[1]).isascii()
