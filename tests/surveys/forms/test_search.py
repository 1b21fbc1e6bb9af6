from __future__ import annotations

import pytest

from surveys.forms.search import LONGEST, SearchForm


@pytest.mark.parametrize("text", ["", "  ", "ab", "会", "a b c d e f", "x" * LONGEST])
def test_what_can_be_looked_for(text: str) -> None:
    form = SearchForm({"q": text})

    assert form.is_valid()
    assert form.cleaned_data["q"] == text.strip()


@pytest.mark.parametrize("text", ["a", " a ", "a b c d e f g", "x" * (LONGEST + 1)])
def test_what_is_too_short_or_too_long(text: str) -> None:
    assert not SearchForm({"q": text}).is_valid()
