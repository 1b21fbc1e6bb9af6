from __future__ import annotations

import pytest
from django.utils import translation

from accounts.models import Dimension


@pytest.mark.parametrize(
    ("fields", "english", "japanese"),
    [
        ({"name": "role"}, "Role", "役割"),
        ({"name": "language"}, "Language", "言語"),
        # Who renamed it meant it, in whatever language.
        ({"name": "role", "label": "Position"}, "Position", "Position"),
        ({"name": "usage_band"}, "Usage band", "Usage band"),
    ],
)
def test_a_dimension_is_called_as_the_page_speaks(
    fields: dict[str, str], english: str, japanese: str
) -> None:
    for language, expected in (("en", english), ("ja", japanese)):
        with translation.override(language):
            assert str(Dimension(**fields)) == expected


def test_a_segment_has_a_label_in_each_language() -> None:
    plan = Dimension(name="plan", label="Plan", labels={"ja": "プラン"})

    assert str(plan) == "Plan"
    with translation.override("ja"):
        assert str(plan) == "プラン"
        assert str(Dimension(name="plan", label="Plan")) == "Plan"
