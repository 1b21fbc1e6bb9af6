"""What no browser sends, for each field of a form, and in which ways it is sent."""

from __future__ import annotations

import json
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import strategies

ODD = [
    "", " ", "0", "-1", "1", "9" * 30, "1e999", "NaN", "1,5", "１２", "٣", "true", "on", "null",
    "<<", "あ@x", "a@b", "a@example.com", "@", "\x00", "\n", "\r\nBcc: x@y.example", "\u202e",
    "a" * 5_000, "声" * 400, "🙂", "'", '"', "%s", "%", "{}", "{{ 7 }}", "[", "[]", "{\"a\": 1}",
    "2026-13-40", "0001-01-01", "9999-12-31", "2026-02-29", "24:00", "99:99", "../../etc/passwd",
    "https://", "http://[::1", "//x", "javascript:1", "=1+1", "ja", "en", "xx", "UTC", "Asia/Tokyo",
    "2147483648", "9223372036854775808", "-9223372036854775809", "1" * 400, "0x1F", "1_000",
    "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "[" * 3_000, "\ud83d".encode(
        "utf-8", "surrogatepass").decode("latin-1"), "a\u0301" * 30, "\ufffe", "\ufeff", "-0.0",
]  # fmt: skip
CONTENTS = [
    b"", b"\x00", b"\xff\xfe", b"customer_id,name\nc1,A\n", b"PK\x03\x04broken",
    b"\x89PNG\r\n\x1a\n",
    b"email,customer_id\n\"open", b"a," * 5_000, "顧客ID,名前\n1,あ\n".encode("cp932"), b"<svg/>",
]  # fmt: skip
NAMES = ["a.csv", "a.xlsx", "logo.png", "a" * 300, "あ.csv", "x.exe"]
FILES = strategies.builds(
    SimpleUploadedFile, strategies.sampled_from(NAMES), strategies.sampled_from(CONTENTS)
)
TEXTS = strategies.one_of(
    strategies.sampled_from(ODD),
    strategies.text(strategies.characters(exclude_categories=["Cs"]), max_size=40),
    strategies.integers().map(str),
)
# In place of an id of an address.
IDS = ["0", "1", "2", "3", "7", "2147483648", "9223372036854775808", "9" * 30]
HOW = ["form", "form", "form", "htmx", "coded", "json", "raw"]


@cache
def filled(names: tuple[tuple[str, tuple[str, ...]], ...]) -> Any:
    """Each field left out, as any page offers it, odd, as a file, or several times."""
    fields = {}
    for name, offered in names:
        one = strategies.one_of(TEXTS, strategies.sampled_from(offered or ("",)))
        several = strategies.lists(one, max_size=3)
        fields[name] = strategies.one_of(one, one, one, several, FILES)
    return strategies.fixed_dictionaries({}, optional=fields)


def body_of(data: dict[str, Any], how: str) -> dict[str, Any]:
    """What the test client is called with for it."""
    if how == "coded":
        # And what is no UTF-8, under no name, and cut off.
        coded = urlencode(data, doseq=True).encode() + b"&x=%ff&=1&%00=%00&%"
        return {"data": coded, "content_type": "application/x-www-form-urlencoded"}
    if how == "json":
        return {"data": json.dumps(data, default=str), "content_type": "application/json"}
    if how == "raw":
        kind = "multipart/form-data; boundary=x"
        return {"data": urlencode(data, doseq=True).encode(), "content_type": kind}
    return {"data": data}
