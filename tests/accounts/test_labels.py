from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.utils import translation

from accounts.domain.access.audit import AuditAction
from accounts.domain.imports.file_columns import FileKind
from accounts.labels import ACTION_LABELS, action_text, source_text, value_label

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("source", "english", "japanese"),
    [
        ("link of invitation 12", "link of invitation 12", "招待 12 のリンク"),
        ("link in a survey mail", "link in a survey e-mail", "アンケートメールのリンク"),
        ("mail of autumn-2026", "e-mail of autumn-2026", "autumn-2026 のメール"),
        ("mail provider", "e-mail provider", "メール配信サービス"),
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


def actions_recorded() -> set[str]:
    """What the source code writes into the audit log; imports name theirs by the kind of file."""
    found = set()
    for app in ("accounts", "surveys", "analytics", "actions", "api"):
        for path in (ROOT / app).rglob("*.py"):
            if path.name != "labels.py":
                found |= set(re.findall(r"\bAuditAction\.([A-Z_]+)", path.read_text()))
    return {AuditAction[name] for name in found} | {f"import.{kind}" for kind in FileKind}


def test_each_action_of_the_audit_log_has_words() -> None:
    recorded = actions_recorded()

    assert {"campaign.launch", "staff.role", "responses.export"} <= recorded
    assert recorded == ACTION_LABELS.keys() == set(AuditAction)
    assert action_text("something.else") == "something.else"


@pytest.mark.parametrize("action", AuditAction)
def test_each_action_of_the_audit_log_is_told_in_both_languages(action: AuditAction) -> None:
    with translation.override("en"):
        english = action_text(action)
    with translation.override("ja"):
        japanese = action_text(action)

    assert english != action
    assert japanese not in {english, action}


def test_values_that_koe_brings_along_are_translated_and_those_of_others_are_not() -> None:
    with translation.override("ja"):
        assert value_label("region", "Kanto") == "関東"
        assert value_label("language", "ja") == "日本語"
        # Of another dimension, or written by the organisation itself.
        assert value_label("office", "Kanto") == "Kanto"
        assert value_label("region", "Hokkaido") == "Hokkaido"
    assert value_label("region", "Kanto") == "Kanto"
    assert value_label("region", "") == "–"
