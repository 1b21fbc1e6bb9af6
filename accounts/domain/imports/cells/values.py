"""One cell of an imported file to one value; anything doubtful is refused with its reason.

Texts, ids and names of things here; numbers and dates have modules of their own.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import lru_cache
from zoneinfo import available_timezones

from accounts.domain.imports.cells.calendars import read_date
from accounts.domain.imports.cells.texts import Cell, as_cell, as_text, compared
from accounts.domain.languages import LANGUAGES
from accounts.domain.reasons import ReasonCode, Refused, reason

MAX_TEXT = 200
MAX_COMMENT = 5000
MAX_PRODUCT = 100
# A spreadsheet keeps fifteen digits of a number, and shows fewer of them.
_KEPT_DIGITS = 10**15
_SHORTENED = re.compile(r"[0-9](?:[.,][0-9]+)?E\+?[0-9]{1,2}", re.IGNORECASE)
_TOTALS = frozenset(
    {"合計", "総合計", "小計", "総計", "計", "total", "totals", "grand total", "subtotal", "sum"}
)
_CURRENCY = re.compile(r"[A-Z]{3}")
_CURRENCY_WORDS = {"円": "JPY", "日本円": "JPY", "¥JPY": "JPY", "US$": "USD", "米ドル": "USD",
                   "€": "EUR", "ユーロ": "EUR", "£": "GBP"}  # fmt: skip
_LANGUAGE_WORDS = {
    "ja": "ja", "jp": "ja", "jpn": "ja", "japanese": "ja", "日本語": "ja", "日": "ja",
    "和文": "ja", "日本": "ja", "japan": "ja", "日本語版": "ja", "日文": "ja", "nihongo": "ja",
    "en": "en", "eng": "en", "english": "en", "英語": "en", "英": "en", "英文": "en",
    "英語版": "en", "american english": "en", "british english": "en", "us english": "en",
}  # fmt: skip
# Japanese and English: which of them to write in, nobody has said.
_SEVERAL = re.compile(r"\b(?:and|or)\b|[,/&+;、・]")
_ZONE_WORDS = {"jst": "Asia/Tokyo", "日本": "Asia/Tokyo", "日本標準時": "Asia/Tokyo",
               "東京": "Asia/Tokyo", "tokyo": "Asia/Tokyo", "日本時間": "Asia/Tokyo",
               "utc": "UTC", "協定世界時": "UTC"}  # fmt: skip
_ZONE_IN = re.compile(r"[A-Za-z_]+/[A-Za-z_]+(?:/[A-Za-z_]+)?")
# Of a customer that stays, where a file has such a word instead of the day they left. Whether
# those who pause or do not pay have left is for people to say.
_STAYS = frozenset(
    {"-", "―", "ー", "–", "—", "×", "✕", "無", "なし", "無し", "契約中", "ご契約中", "契約継続中",
     "継続中", "継続", "利用中", "稼働中", "有効", "アクティブ", "未解約", "active", "live",
     "trialing", "in_trial", "past_due", "past due", "non_renewing", "no", "n", "none", "いいえ",
     "false", "0"}
)  # fmt: skip
_LEFT = frozenset(
    {"解約済", "解約済み", "解約", "退会済", "退会済み", "退会", "終了", "契約終了", "契約終了済",
     "契約解除", "キャンセル", "キャンセル済", "キャンセル済み", "失効", "期限切れ", "非アクティブ",
     "無効", "済", "済み", "あり", "有", "○", "◯", "churned", "churn", "cancelled", "canceled",
     "expired", "terminated", "ended", "deactivated", "former customer", "ex-customer", "yes", "y",
     "はい", "true", "1", "inactive", "lost"}
)  # fmt: skip


def read_text(cell: Cell, *, required: bool = False, limit: int = MAX_TEXT) -> str:
    """As it is shown: a name, a note in one line."""
    text = as_text(cell)
    if required and not text:
        raise Refused(reason(ReasonCode.EMPTY))
    if len(text) > limit:
        raise Refused(reason(ReasonCode.TOO_LONG, length=len(text), limit=limit))
    if not text.isprintable() and any(unicodedata.category(sign) == "Cc" for sign in text):
        raise Refused(reason(ReasonCode.CONTROL_CHARACTER))
    return text


def read_word(cell: Cell, *, limit: int = MAX_TEXT) -> str:
    """What is compared with others of its kind: the value of a segment, the name of a product."""
    text = compared(read_text(cell, limit=limit))
    return text.lower() if text in ("TRUE", "True", "FALSE", "False") else text


def read_id(cell: Cell) -> str:
    text = compared(read_text(cell)).lstrip("'")
    is_number = isinstance(cell, (int, float)) and not isinstance(cell, bool)
    if (is_number and abs(float(text)) >= _KEPT_DIGITS) or _SHORTENED.fullmatch(text):
        raise Refused(reason(ReasonCode.ID_SHORTENED, value=text))
    if text.rstrip(" :").lower() in _TOTALS:
        raise Refused(reason(ReasonCode.ROW_TOTAL, value=text))
    return text


def needed_id(cell: Cell) -> str:
    text = read_id(cell)
    if not text:
        raise Refused(reason(ReasonCode.EMPTY))
    return text


def read_comment(cell: Cell) -> str:
    """A comment may have lines; other control characters, which no database takes, go."""
    lines = as_text(cell).replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(sign for sign in lines if sign in "\n\t" or unicodedata.category(sign) != "Cc")
    if len(text) > MAX_COMMENT:
        raise Refused(reason(ReasonCode.TOO_LONG, length=len(text), limit=MAX_COMMENT))
    return text


def comment_as_read(comment: str) -> str:
    """What an import makes of a comment that Koe wrote into a file."""
    return read_comment(as_cell(comment))


def read_product(cell: Cell) -> str:
    return read_word(cell, limit=MAX_PRODUCT)


def read_currency(cell: Cell) -> str:
    text = compared(as_text(cell))
    code = _CURRENCY_WORDS.get(text, text.upper())
    if code and not _CURRENCY.fullmatch(code):
        raise Refused(reason(ReasonCode.CURRENCY, value=text))
    return code


def needed_currency(cell: Cell) -> str:
    return read_currency(read_text(cell, required=True))


def read_language(cell: Cell) -> str:
    """A code, a locale such as ja-JP, or the name of the language."""
    text = as_text(cell)
    if not text or text in LANGUAGES:
        return text
    word = compared(text).lower()
    first = "" if _SEVERAL.search(word) else re.split(r"[-_ (]", word)[0]
    found = _LANGUAGE_WORDS.get(word) or _LANGUAGE_WORDS.get(first)
    if found is None:
        raise Refused(reason(ReasonCode.LANGUAGE, value=text))
    return found


def read_time_zone(cell: Cell) -> str:
    text = as_text(cell)
    if not text or text in _zone_names():
        return text
    word = compared(text)
    named = _ZONE_IN.search(word.replace("_slash_", "/"))
    found = _ZONE_WORDS.get(word.lower()) or _zone_names_small().get(
        (named[0] if named else "").lower()
    )
    if found is None:
        raise Refused(reason(ReasonCode.TIME_ZONE, value=text))
    return found


@lru_cache(maxsize=1)
def _zone_names() -> frozenset[str]:
    return frozenset(available_timezones())


@lru_cache(maxsize=1)
def _zone_names_small() -> dict[str, str]:
    return {name.lower(): name for name in _zone_names()}


def read_end(cell: Cell) -> date | None:
    """The day that a customer left; a word that says they stay is as good as an empty cell."""
    is_flag = isinstance(cell, (str, bool)) or cell in (0, 1)
    word = compared(as_text(cell)).lower() if is_flag else ""
    if word in _STAYS:
        return None
    if word in _LEFT:
        raise Refused(reason(ReasonCode.END_UNDATED, value=word))
    return read_date(cell)
