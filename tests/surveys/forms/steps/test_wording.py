from __future__ import annotations

import pytest

from surveys.domain.wording import DEFAULT_WORDING, FIELD_NAMES
from surveys.forms.steps.wording import WordingForm
from surveys.models import Campaign
from tests.surveys.helpers.editor import form_data

pytestmark = pytest.mark.django_db


def test_editor_keeps_only_the_texts_that_differ(staff) -> None:
    staff("cs").post("/campaigns/new/", form_data(**{"en-subject": "Two words, {name}?"}))

    assert Campaign.objects.get().wording == {"en": {"subject": "Two words, {name}?"}, "ja": {}}


def test_thanks_are_written_in_text_areas_in_every_language(staff) -> None:
    html = staff("cs").get("/campaigns/new/").content.decode()

    for language in ("ja", "en"):
        for category in ("promoter", "passive", "detractor"):
            assert f'<textarea name="{language}-thanks_{category}"' in html


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_text_left_as_the_default_follows_later_defaults(language: str) -> None:
    default = DEFAULT_WORDING[language]
    shown = {name: getattr(default, name).replace("\n", "\r\n") for name in FIELD_NAMES}
    data = {f"{language}-{name}": text for name, text in shown.items()}

    form = WordingForm(data | {f"{language}-question": " "}, language=language, written={})

    assert form.is_valid()
    assert form.written() == {}
