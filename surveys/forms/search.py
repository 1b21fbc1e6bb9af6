from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.domain.search import words_of

LONGEST, MOST_WORDS = 100, 6


class SearchForm(forms.Form):
    """What is looked for: short enough to be read through everything."""

    q = forms.CharField(
        label=_("Search"),
        max_length=LONGEST,
        required=False,
        widget=forms.TextInput(
            {"type": "search", "autocomplete": "off", "class": "form-control", "data-search": ""}
        ),
    )

    def clean_q(self) -> str:
        text: str = self.cleaned_data["q"].strip()
        # One Latin letter is in everything; one kanji is a word.
        if len(text) == 1 and text.isascii():
            raise ValidationError(_("Type at least two letters."))
        if len(words_of(text)) > MOST_WORDS:
            raise ValidationError(_("Look for six words at most."))
        return text
