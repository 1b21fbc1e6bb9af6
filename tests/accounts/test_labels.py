from __future__ import annotations

import pytest
from django.utils import translation

from accounts.labels import source_text


@pytest.mark.parametrize(
    ("source", "english", "japanese"),
    [
        ("link of invitation 12", "link of invitation 12", "招待 12 のリンク"),
        ("link in a survey mail", "link in a survey mail", "アンケートメールのリンク"),
        ("mail of autumn-2026", "mail of autumn-2026", "autumn-2026 のメール"),
        ("mail provider", "mail provider", "メール配信サービス"),
        ("merged person 7", "merged person 7", "統合した個人 7"),
        ("550 5.1.1 100 % unknown", "550 5.1.1 100 % unknown", "550 5.1.1 100 % unknown"),
        ("admin@example.com", "admin@example.com", "admin@example.com"),
        ("", "", ""),
    ],
)
def test_source_of_a_suppression_is_told_in_both_languages(
    source: str, english: str, japanese: str
) -> None:
    with translation.override("en"):
        assert source_text(source) == english
    with translation.override("ja"):
        assert source_text(source) == japanese
