"""The text of a cell: as it is shown, and as it is compared.

What is compared (ids, segments) is even: half and full width, composed and decomposed letters,
signs that nobody sees. What is shown (names, comments) stays as it was written but for the latter.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time

from accounts.domain.reasons import Reason, ReasonCode, Refused, reason


@dataclass(frozen=True, slots=True)
class Broken:
    """A cell that has no value of its own: a formula in error, or one under a merge."""

    why: str


# What a CSV or spreadsheet reader yields; text from CSV, the rest from XLSX.
Cell = str | int | float | bool | date | datetime | time | Broken | None

UNDER_A_MERGE = "merged"
# As spreadsheets write them into a CSV file, in whatever language they speak.
ERRORS = frozenset(
    {
        "#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!",
        "#ERROR!", "#GETTING_DATA", "#FIELD!", "#BLOCKED!", "#CONNECT!", "#UNKNOWN!", "#BUSY!",
    }
)  # fmt: skip
# A column that was too narrow when the sheet was saved as text.
_TOO_NARROW = re.compile(r"#{3,}")
# `="00101"`: how a CSV file keeps a spreadsheet from taking a text for a number.
_FORCED = re.compile(r'="((?:[^"]|"")*)"')
_STARTERS = "=+-@\t\r\n＝＋－＠"
_SPACES = re.compile(r"\s+")
# Signs without a shape. The joiners and the selectors of variants belong to emoji and to names.
_UNSEEN = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]"
)
_JOINERS = re.compile("[\u200c\u200d\ufe00-\ufe0f\U000e0100-\U000e01ef]")


def as_text(cell: Cell) -> str:
    """The cell as a person would write it in a CSV file."""
    if type(cell) is str:
        return cell.strip() if cell.isascii() and cell[:1] not in ("'", "=") else shown(cell)
    if cell is None:
        return ""
    if isinstance(cell, Broken):
        return cell.why
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    return str(cell).strip()


def refuse_broken(cell: Cell) -> None:
    """What stands in a cell instead of a value: it empties nothing."""
    if isinstance(cell, Broken):
        raise Refused(_broken(cell.why))
    if type(cell) is str and ("#" in cell or "＃" in cell) and _is_error(cell):
        raise Refused(_broken(unicodedata.normalize("NFKC", cell).strip()))


def _is_error(text: str) -> bool:
    text = unicodedata.normalize("NFKC", text).strip()
    return text.upper() in ERRORS or _TOO_NARROW.fullmatch(text) is not None


def _broken(why: str) -> Reason:
    if why == UNDER_A_MERGE:
        return reason(ReasonCode.CELL_MERGED)
    return reason(ReasonCode.CELL_ERROR, value=why or "?")


def shown(text: str) -> str:
    """As a person wrote it, without what a spreadsheet or a web page put around or into it."""
    plain = _UNSEEN.sub("", unicodedata.normalize("NFC", text)).strip()
    if forced := _FORCED.fullmatch(plain):
        return forced[1].replace('""', '"').strip()
    if plain.startswith("'") and _is_guard(plain[1:]):
        return plain[1:].strip()
    return plain


def as_cell(text: str) -> str:
    """What `shown` reads as just this text, which by itself it may take for another."""
    is_form = text[:1] in ("'", "=") and shown(text) != text
    if not text or not (is_form or _is_error(text)):
        return text
    doubled = text.replace('"', '""')
    return f'="{doubled}"'


def _is_guard(rest: str) -> bool:
    """Whether the apostrophe before it only says that this is no formula and no number."""
    return rest[:1] in _STARTERS or rest[:1].isdigit() if rest else False


def compared(text: str) -> str:
    """One text for all that look alike."""
    if text.isascii() and "  " not in text:
        return text
    return _SPACES.sub(" ", _JOINERS.sub("", unicodedata.normalize("NFKC", text))).strip()
