from __future__ import annotations

from pathlib import Path

import pytest

from accounts.services.imports.reading.encodings import sniff_encoding
from tests.accounts.importing import given, refusal_of

FEW = "customer_id,name\nC1,A社\nC2,B社\n"
MANY = "顧客ID,会社名\nC1,株式会社青空\nC2,ハーバー商事\nC3,東京電機\n"


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [
        (FEW, "cp932", "cp932"),
        ("customer_id,name\nC1,A店\nC2,B氏\n", "cp932", "cp932"),
        ("customer_id,name\nC1,ｱｵｿﾞﾗ\n", "cp932", "cp932"),
        (MANY, "cp932", "cp932"),
        (FEW, "euc_jp", "euc_jp"),
        (MANY, "euc_jp", "euc_jp"),
        ("customer_id,name\nC1,東京\n", "euc_jp", "euc_jp"),
        (MANY, "utf-16", "utf-16"),
        (FEW, "utf-8", "utf-8-sig"),
    ],
)
def test_encoding_is_known_by_what_the_text_says(
    tmp_path: Path, text: str, encoding: str, found: str
) -> None:
    assert sniff_encoding(given(tmp_path, text.encode(encoding))) == found


@pytest.mark.parametrize("encoding", ["utf-8", "cp932"])
def test_one_broken_byte_is_named_with_its_line(tmp_path: Path, encoding: str) -> None:
    lines = MANY.encode(encoding).splitlines(keepends=True)
    lines[2] = lines[2].replace(b"C2,", b"C2,\x80\xff")

    said = refusal_of(given(tmp_path, b"".join(lines)))

    assert said.startswith("line 3 has signs that are neither UTF-8 nor Japanese")


def test_a_sample_reads_the_beginning_alone(tmp_path: Path) -> None:
    row = "C1,株式会社青空\n".encode("cp932")
    path = given(tmp_path, MANY.encode("cp932") + row * 100_000 + b"C2,\x80\xff\n")

    assert sniff_encoding(path, sample=True) == "cp932"
    assert refusal_of(path).startswith("line 100005 has signs")
