from __future__ import annotations

import pytest

from surveys.domain.campaigns.templates import FIELDS, TEMPLATES, Template
from surveys.domain.wording import FIELD_NAMES, validate


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=TEMPLATES)
def test_a_template_holds_what_a_campaign_takes_in_both_languages(template: Template) -> None:
    assert set(template.all_fields) <= set(FIELDS)
    assert set(template.wording) in (set(), {"ja", "en"})
    for texts in template.wording.values():
        assert set(texts) <= set(FIELD_NAMES)
        assert not any(validate(text) for text in texts.values())
