from __future__ import annotations

import pytest

from actions.forms.replies import TemplateForm
from actions.models import ReplyTemplate

pytestmark = pytest.mark.django_db


def form(subject: str, text: str) -> TemplateForm:
    return TemplateForm({"reply-en-subject": subject, "reply-en-text": text}, language="en")


def test_it_shows_koes_own_text_in_its_language_until_there_is_another() -> None:
    assert TemplateForm(language="ja").initial["subject"] == "アンケートへのご回答について"
    ReplyTemplate.objects.create(language="ja", subject="件名", text="{name}様")
    assert TemplateForm(language="ja").initial == {"subject": "件名", "text": "{name}様"}


def test_what_koe_cannot_fill_in_is_refused_by_its_name() -> None:
    wrong = form("{customer}", "{nmae} {name}")
    assert wrong.errors == {"text": ["Koe does not know {nmae}."]}
    assert form("{customer}", "{name} {staff} {organisation} {answer} {day}").is_valid()


def test_both_or_neither() -> None:
    assert form("", "").is_valid()
    assert not form("x", "").is_valid()
